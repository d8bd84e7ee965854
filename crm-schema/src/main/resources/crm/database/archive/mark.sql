-- Says that an agent is being imported, and that it has a version: what it lacks, it gets behind its rows. Parameters: its id,
-- the extension, the version, the checksum.
insert into agent_versions (agent_id, extension, version, checksum, duration_ms)
values (?::bigint, ?::text, ?::bigint, ?::text, -1)
