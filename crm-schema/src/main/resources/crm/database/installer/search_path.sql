-- Objects are created unqualified in this schema. Parameter: its name.
select set_config('search_path', quote_ident(?), true);
