-- What one agent misses, in the private schema. Parameters: the agent's id and prefix, and the id again.
select pg_catalog.format('-- %s%s%s', t.file, chr(10), render_template(?::bigint, ?::text, t)) as commands
from agent_templates t
left join agent_versions v on v.agent_id = ?::bigint and v.extension = t.extension and v.version = t.version
where v.agent_id is null
order by t.registered
