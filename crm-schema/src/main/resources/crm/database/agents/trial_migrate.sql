-- Gives the agent one version that its ledger pretends to have. Parameters: id, extension, version, id, prefix.
delete from agent_versions where agent_id = ?::bigint and extension = ?::text and version = ?::bigint;
select migrate_agent(?::bigint, ?::text);
