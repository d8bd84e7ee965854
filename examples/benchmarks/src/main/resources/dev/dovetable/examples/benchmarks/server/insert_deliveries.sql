-- What webhooks tell of all messages: ticks of what went out, a reaction for each tenth, an answer for each seventh, and a
-- file for each fifth. Ids of messages follow each other, customers' messages mostly don't.
insert into {prefix}_whatsapp_deliveries (
  provider_id, message_id, kind, concerns, emoji, reply_to, media_id, mime_type, payload, phone_number_id)
select
  'wamid.' || m.id,
  m.id,
  case when m.id % 10 = 0 then 'reaction' when m.id % 5 = 2 then 'image' else 'text' end,
  case when m.id % 10 = 0 then 'wamid.' || m.earlier end,
  case when m.id % 10 = 0 then 'x' end,
  case when m.id % 7 = 1 then 'wamid.' || m.earlier end,
  case when m.id % 5 = 2 then m.id::text end,
  case when m.id % 5 = 2 then 'image/jpeg' end,
  jsonb_build_object('id', 'wamid.' || m.id, 'type', 'text', 'text', jsonb_build_object('body', m.message)),
  '104590110000110'
from (
  select m.id, m.message, lag(m.id) over (partition by m.customer_id order by m.timestamp, m.id) as earlier
  from {prefix}_messages m
) as m;

insert into {prefix}_whatsapp_statuses (provider_id, sent_at, delivered_at, read_at)
select
  'wamid.' || m.id,
  m.timestamp,
  m.timestamp + interval '1 second',
  case when m.id % 4 > 0 then m.timestamp + interval '1 minute' end
from {prefix}_messages m
where m.direction = 'outbound'
