delete from agent_places
where agent_prefix = ? and token = ?::uuid;
