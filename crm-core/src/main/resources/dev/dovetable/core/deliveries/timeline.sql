-- A part of a conversation with all that a screen shows of it.
-- Slots: the customer, where the page begins, its length and direction, the columns of the details, and what delivery.sql
-- gives.
select
  m.id,
  m.customer_id,
  m.message,
  m.direction,
  m.timestamp,
  q.id,
  q.customer_id,
  q.message,
  q.direction,
  q.timestamp,
  {details},
  case when d.provider_id is not null then {delivery} end as found
from (
  select m.id, m.customer_id, m.message, m.direction, m.timestamp
  from "{schema}"."{prefix}_messages" m
  where m.customer_id = {customer_id}
    and m.timestamp is not null
    and {is_after}
    -- What is folded into a message that is in the list itself is no line of its own.
    and not coalesce(
      (
        select true
        from "{schema}"."{prefix}_whatsapp_deliveries" x
        cross join lateral (
          select t.message_id, t.kind
          from "{schema}"."{prefix}_whatsapp_deliveries" t
          where t.provider_id = x.concerns
          limit 1
        ) as t
        cross join lateral (
          select w.customer_id, w.direction, w.timestamp
          from "{schema}"."{prefix}_messages" w
          where w.id = t.message_id
          limit 1
        ) as w
        where x.message_id = m.id
          and (x.kind in ('reaction', 'revoke') or x.kind = 'edit' and x.new_text is not null)
          and (t.kind in ('reaction', 'edit', 'revoke')) is not true
          and w.customer_id = m.customer_id
          and w.timestamp is not null
          and (x.kind = 'reaction' or w.direction = m.direction)
        limit 1
      ),
      false)
  order by m.timestamp {order}, m.id {order}
  -- A sub-select, for which a tenth of the rows is planned for, however few they are thought to be: where all of them seem
  -- to be wanted, all are sorted, and of a customer with more messages than others have that is many.
  limit (select {limit})
) as m
left join lateral (
  select d.*
  from "{schema}"."{prefix}_whatsapp_deliveries" d
  where d.message_id = m.id
  limit 1
) as d on true
left join lateral (
  select a.message_id
  from "{schema}"."{prefix}_whatsapp_deliveries" a
  where a.provider_id = d.reply_to
  limit 1
) as a on true
left join lateral (
  select q.id, q.customer_id, q.message, q.direction, q.timestamp
  from "{schema}"."{prefix}_messages" q
  where q.id = a.message_id
  limit 1
) as q on true
order by m.timestamp {order}, m.id {order}
