-- For the session, since there is no transaction. Parameters: the path, the lock timeout, the statement timeout.
select
  pg_catalog.set_config('search_path', ?::text, false),
  pg_catalog.set_config('lock_timeout', ?::text, false),
  pg_catalog.set_config('statement_timeout', ?::text, false)
