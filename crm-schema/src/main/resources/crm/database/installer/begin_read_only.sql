-- First statements of a transaction that only looks. Parameter: the private schema, as in begin.sql.
set transaction isolation level read committed, read only;
select set_config('search_path', quote_ident(?), true);
