-- Parameter: the agent's id.
delete from agent_versions v where v.agent_id = ?::bigint and v.duration_ms = -1
