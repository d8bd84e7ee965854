-- An agent that is never committed, with certain versions of extensions: of the others its ledger says that it has them, from
-- no text.
-- Its id is none of the sequence's. Where there is no user yet who could have made it, one is made for it.
-- Parameters: id, versions, id, prefix, prefix, id.
insert into agent_versions (agent_id, extension, version, checksum, duration_ms)
select ?::bigint, t.extension, t.version, '', 0
from agent_templates t
where t.registered <> all (coalesce(pg_catalog.string_to_array(nullif(?::text, ''), ',')::bigint[], '{}'));
with
  nobody as (
    insert into users (name, email, role)
    select 'nobody', gen_random_uuid() || '@invalid', 'admin'
    where not exists (select from users)
    returning id
  )
insert into agents (id, agent_prefix, created_by)
select ?::bigint, ?::text, maker.id
from (
  select id from users
  union all
  select id from nobody
) as maker
limit 1;
select create_agent_tables(?::text, ?::bigint);
