-- The statements that make the tables of an agent that has none. Its ledger claims versions whose tables went with the
-- others. Parameters: the agent's id, the schema, the prefix, the id.
select array[
  format('delete from %I.agent_versions where agent_id = %s', current_schema(), ?::text),
  format('select %I.create_agent_tables(%L, %s)', ?::text, ?::text, ?::text)
] as statements
