-- Takes back a version that no agent has, and tells why not if it may not. In the private schema, in the queue in which agents
-- are made. Parameters: extension, version.
with
  wanted as materialized (
    select ?::text as extension, ?::bigint as version
  ),
  found as materialized (
    select
      (select count(*) from agent_templates t where t.extension = w.extension and t.version = w.version) as versions,
      (select count(*) from agent_templates t where t.extension = w.extension and t.version > w.version) as later,
      (select count(*) from agent_versions v where v.extension = w.extension and v.version = w.version) as agents
    from wanted w
  ),
  gone as (
    delete from agent_templates t
    using wanted w, found f
    where t.extension = w.extension and t.version = w.version and f.later = 0 and f.agents = 0
    returning t.version
  )
select f.versions, f.later, f.agents
from found f
left join gone on true
