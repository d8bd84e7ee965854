-- First statements of a transaction that only looks. Then as join.sql. Parameter: the private schema.
set transaction isolation level read committed, read only;
select
  pg_catalog.current_setting('search_path') as search_path,
  pg_catalog.current_setting('client_min_messages') as client_min_messages,
  pg_catalog.current_setting('lock_timeout') as lock_timeout,
  pg_catalog.current_setting('statement_timeout') as statement_timeout,
  pg_catalog.current_setting('quote_all_identifiers') as quote_all_identifiers,
  pg_catalog.current_setting('array_nulls') as array_nulls,
  pg_catalog.current_setting('transaction_isolation') as isolation;
select
  pg_catalog.set_config('quote_all_identifiers', 'off', true),
  pg_catalog.set_config('array_nulls', 'on', true),
  pg_catalog.set_config('search_path', pg_catalog.quote_ident(?::text), true);
