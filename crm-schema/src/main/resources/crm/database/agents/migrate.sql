-- One agent, in a transaction of its own; several of them can be sent in one round trip. Parameters: the private schema,
-- the timeouts in milliseconds, the agent's id and prefix, and the extension, '' for all of them.
begin;
select
  pg_catalog.set_config('search_path', pg_catalog.format('%I, pg_temp', ?::text), true),
  pg_catalog.set_config('lock_timeout', ?::text, true),
  pg_catalog.set_config('statement_timeout', ?::text, true);
select migrate_agent(?::bigint, ?::text, nullif(?::text, ''), false, true) as versions;
commit
