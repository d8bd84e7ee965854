-- The open, unread, unassigned conversations with a tag, from the messages and what people have set alone: nobody has kept
-- what the last message is, nor how many are unread.
select c.id, c.name, c.phone, m.id, m.message, m.direction, m.timestamp, s.state, u.unread
from {prefix}_conversations p
join {prefix}_customers c on c.id = p.customer_id
cross join lateral (
  select m.id, m.message, m.direction, m.timestamp
  from {prefix}_messages m
  where m.customer_id = c.id
  order by m.timestamp desc, m.id desc
  limit 1
) as m
cross join lateral (
  select count(*) as unread
  from {prefix}_messages n
  where n.customer_id = c.id
    and n.direction = 'inbound'
    and (p.read_up_to_id is null or (n.timestamp, n.id) > (p.read_up_to_at, p.read_up_to_id))
) as u
left join {prefix}_whatsapp_deliveries d on d.message_id = m.id and m.direction = 'outbound'
left join {prefix}_whatsapp_statuses s on s.provider_id = d.provider_id
where p.set_status = 'open'
  and u.unread > 0
  and p.assignee is null
  and exists (select from {prefix}_conversation_tags t where t.customer_id = c.id and t.tag = 'half')
order by m.timestamp desc, m.id desc
limit 31
