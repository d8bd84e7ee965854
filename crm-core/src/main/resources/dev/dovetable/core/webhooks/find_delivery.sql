-- What became of a message, and what others did with it: edits, revocations and reactions are messages of their own, folded
-- here in the order in which they were sent.
-- Slots: the message's id.
with delivery as materialized (
  select d.provider_id, m.customer_id, m.direction
  from "{schema}"."{prefix}_whatsapp_deliveries" d
  join "{schema}"."{prefix}_messages" m on m.id = d.message_id
  where d.message_id = {id}
),
concerning as materialized (
  select
    e.kind,
    e.new_text,
    e.emoji,
    m.timestamp as at,
    m.direction,
    e.participant_phone,
    e.participant_user_id,
    e.participant_name,
    row_number() over (
      partition by e.kind, m.direction, coalesce(e.participant_user_id, e.participant_phone)
      order by m.timestamp desc, e.place desc nulls last, e.provider_id desc) as age
  from delivery d
  join "{schema}"."{prefix}_whatsapp_deliveries" e on e.concerns = d.provider_id
  join "{schema}"."{prefix}_messages" m on m.id = e.message_id
  where m.customer_id = d.customer_id and (e.kind = 'reaction' or m.direction = d.direction)
)
select jsonb_build_object(
  'provider_id', d.provider_id,
  'status', (
    select to_jsonb(s) || jsonb_build_object('errors', s.errors::text)
    from "{schema}"."{prefix}_whatsapp_statuses" s
    where s.provider_id = d.provider_id),
  'members', (
    select coalesce(jsonb_agg(to_jsonb(p) order by p.participant), '[]')
    from "{schema}"."{prefix}_whatsapp_participants" p
    where p.provider_id = d.provider_id),
  'edit', (
    select jsonb_build_object('text', c.new_text, 'at', c.at)
    from concerning c
    where c.kind = 'edit' and c.new_text is not null
    order by c.at desc, c.age
    limit 1),
  'revoked_at', (select min(c.at) from concerning c where c.kind = 'revoke'),
  'reactions', (
    select coalesce(jsonb_agg(to_jsonb(c) order by c.at), '[]')
    from concerning c
    where c.kind = 'reaction' and c.age = 1 and c.emoji is not null)
) as found
from delivery d
