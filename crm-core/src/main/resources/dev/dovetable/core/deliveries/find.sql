-- What became of messages.
-- Slots: the messages' ids, and what delivery.sql gives.
select m.id, {delivery} as found
from pg_catalog.unnest({ids}) as wanted (id)
cross join lateral (
  select d.*
  from "{schema}"."{prefix}_whatsapp_deliveries" d
  where d.message_id = wanted.id
  limit 1
) as d
cross join lateral (
  select m.id, m.customer_id, m.direction
  from "{schema}"."{prefix}_messages" m
  where m.id = wanted.id
  limit 1
) as m
