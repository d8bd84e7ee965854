-- Until the transaction ends. Parameter: milliseconds.
select pg_catalog.set_config('statement_timeout', ?::text, true);
