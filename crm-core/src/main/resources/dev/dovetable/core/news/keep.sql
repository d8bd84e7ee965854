-- Keeps news, unless it is there: what is new gets an id. Whose a number is, the same statement tells: asked before, it could
-- be another agent's by now.
-- Slots: the content, and the names of the tables.
with piece as materialized (
  select distinct on (p.digest) p.*, a.id as agent_id, a.agent_prefix
  from pg_catalog.jsonb_to_recordset({content}) as p (
    position integer, kind text, field text, told_at timestamptz, phone_number_id text, business_account_id text,
    payload jsonb, digest text)
  left join {agent_numbers} n on n.phone_number_id = p.phone_number_id and n.released_at is null
  left join {agents} a on a.id = n.agent_id
  order by p.digest, p.position
),
kept as (
  insert into {webhook_news} (kind, field, told_at, phone_number_id, business_account_id, agent_id, payload, digest)
  select p.kind, p.field, p.told_at, p.phone_number_id, p.business_account_id, p.agent_id, p.payload,
    pg_catalog.decode(p.digest, 'hex')
  from piece p
  order by p.position
  on conflict (digest) do nothing
  returning id, received_at, digest
)
select coalesce(
  pg_catalog.jsonb_agg(
    pg_catalog.jsonb_build_object(
      'position', p.position, 'id', k.id, 'received_at', k.received_at, 'agent', p.agent_prefix)
    order by p.position),
  '[]')
from piece p
left join kept k on k.digest = pg_catalog.decode(p.digest, 'hex')
