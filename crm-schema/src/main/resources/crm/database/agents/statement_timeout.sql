-- Until the transaction ends. Parameter: milliseconds.
select set_config('statement_timeout', ?::text, true);
