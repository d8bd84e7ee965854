-- First statements of a transaction that installs. Read committed: what another installer committed while this one
-- waited for its lock must be seen. Parameter: the private schema, where the history is read unqualified.
set transaction isolation level read committed;
select set_config('search_path', quote_ident(?), true);
