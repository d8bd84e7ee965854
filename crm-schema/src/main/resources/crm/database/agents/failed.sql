-- In a transaction of its own. Parameters: the private schema, the agent's id and prefix, the SQLSTATE and the server's
-- message.
begin;
select pg_catalog.set_config('search_path', pg_catalog.format('%I, pg_temp', ?::text), true);
select record_agent_failure(?::bigint, ?::text, ?::text, ?::text);
commit
