-- A part of the list of conversations. What belongs to each is looked up row by row, limited to one: as a join it would be
-- planned by how large the tables were then.
-- Slots: what finds the conversations, their columns, and the direction.
select
  k.id,
  k.name,
  k.phone,
  k.created_at,
  m.id,
  m.customer_id,
  m.message,
  m.direction,
  m.timestamp,
  s.state,
  {columns},
  case when c.status = 'snoozed' and c.snoozed_until <= pg_catalog.timezone('utc', pg_catalog.now()) then 'open' else c.status end as present_status,
  array(
    select t.tag
    from "{schema}"."{prefix}_conversation_tags" t
    where t.customer_id = c.customer_id
    order by t.tag
  ) as present_tags
from (
{found}
) as c
left join lateral (
  select k.id, k.name, k.phone, k.created_at
  from "{schema}"."{prefix}_customers" k
  where k.id = c.customer_id
  limit 1
) as k on true
-- Until the transaction that has locked the conversation ends, its last message may be one that is deleted. The second half
-- runs only then. A line without any message isn't shown, but the page is cut by what was found.
left join lateral (
  (
    select m.id, m.customer_id, m.message, m.direction, m.timestamp
    from "{schema}"."{prefix}_messages" m
    where m.id = c.last_message_id and m.customer_id = c.customer_id
    limit 1
  )
  union all
  (
    select m.id, m.customer_id, m.message, m.direction, m.timestamp
    from "{schema}"."{prefix}_messages" m
    where m.customer_id = c.customer_id and m.timestamp is not null
    order by m.timestamp desc, m.id desc
    limit 1
  )
  limit 1
) as m on true
left join lateral (
  select d.provider_id
  from "{schema}"."{prefix}_whatsapp_deliveries" d
  where d.message_id = m.id and m.direction = 'outbound'
  limit 1
) as d on true
left join lateral (
  select s.state
  from "{schema}"."{prefix}_whatsapp_statuses" s
  where s.provider_id = d.provider_id
  limit 1
) as s on true
order by c.last_message_at {order}, c.last_message_id {order}
