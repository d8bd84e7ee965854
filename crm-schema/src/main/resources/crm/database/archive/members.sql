-- Members whom there is here, by their ids or else their addresses, and who is missing. Parameters: the manifest, the agent's id.
with
  given as materialized (
    select ?::jsonb as manifest, ?::bigint as agent_id
  ),
  archived as materialized (
    select m.id, m.added_by, m.added_at, u.id as user_id
    from given
    cross join lateral pg_catalog.jsonb_to_recordset(given.manifest -> 'members')
      as m (id uuid, email text, added_by uuid, added_at timestamptz)
    left join users u on u.id = coalesce(
      (select i.id from users i where i.id = m.id),
      (select e.id from users e where pg_catalog.lower(e.email::text) = pg_catalog.lower(m.email) order by e.id limit 1))
  ),
  added as (
    insert into agent_members (agent_id, user_id, added_by, added_at)
    select distinct on (m.user_id) given.agent_id, m.user_id, b.id, m.added_at
    from given
    cross join archived m
    left join users b on b.id = m.added_by
    where m.user_id is not null
      and not exists (select from agents a where a.id = given.agent_id and a.user_id = m.user_id)
    on conflict on constraint agent_members_pkey do nothing
  )
select m.id::text as id from archived m where m.user_id is null order by m.id
