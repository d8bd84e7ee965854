-- An agent that is never committed, with certain versions of extensions: of the others its ledger says that it has them.
-- Its id is none of the sequence's. Parameters: id, versions, id, prefix, prefix, id.
insert into agent_versions (agent_id, extension, version, checksum, duration_ms)
select ?::bigint, t.extension, t.version, t.checksum, 0
from agent_templates t
where t.registered <> all (coalesce(string_to_array(nullif(?, ''), ',')::bigint[], '{}'));
insert into agents (id, agent_prefix, created_by)
select ?::bigint, ?, a.created_by
from agents a
limit 1;
select create_agent_tables(?, ?::bigint);
