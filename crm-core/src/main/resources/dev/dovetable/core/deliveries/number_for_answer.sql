-- Through which number an answer to a customer goes. The index by customer and time is followed to the last message that
-- came in, and not further than a thousand messages back.
-- Slots: the customer's id, the function, and, as a literal, the agent's prefix.
select {number_for_answer}(a.id, (
  select d.phone_number_id
  from (
    select m.id, m.direction, m.timestamp
    from "{schema}"."{prefix}_messages" m
    where m.customer_id = {customer}
    order by m.timestamp desc
    limit 1000
  ) as m
  cross join lateral (
    select d.phone_number_id from "{schema}"."{prefix}_whatsapp_deliveries" d where d.message_id = m.id limit 1
  ) as d
  where m.direction = 'inbound' and d.phone_number_id is not null
  order by m.timestamp desc, m.id desc
  limit 1
)) as number
from "{schema}"."agents" a
where a.agent_prefix = {agent}
