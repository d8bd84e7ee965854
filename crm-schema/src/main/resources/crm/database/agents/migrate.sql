-- One agent, in a transaction of its own; several of them can be sent in one round trip. Parameters: the private schema,
-- the timeouts in milliseconds, the agent's id and prefix, and the extension, '' for all of them.
begin;
select
  set_config('search_path', format('%I, pg_temp', ?::text), true),
  set_config('lock_timeout', ?, true),
  set_config('statement_timeout', ?, true);
select migrate_agent(?::bigint, ?, nullif(?::text, '')) as versions;
commit
