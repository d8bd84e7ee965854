-- In a transaction of its own. Parameters: the private schema, the agent's id, the SQLSTATE and the server's message.
begin;
select set_config('search_path', format('%I, pg_temp', ?::text), true);
insert into agent_failures as f (agent_id, sqlstate, message)
values (?::bigint, ?, ?)
on conflict on constraint agent_failures_pkey
  do update set sqlstate = excluded.sqlstate, message = excluded.message, failed_at = excluded.failed_at;
commit
