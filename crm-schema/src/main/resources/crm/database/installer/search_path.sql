-- Objects are created unqualified in this schema. Parameter: its name.
select pg_catalog.set_config('search_path', pg_catalog.quote_ident(?::text), true);
