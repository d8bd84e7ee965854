-- Newest first. Also of a customer who was deleted and is there again.
-- Slots: the customer's id.
select coalesce(
  pg_catalog.jsonb_agg(
    pg_catalog.jsonb_build_object(
      'category', c.category, 'value', c.value, 'detail', c.detail, 'at', c.told_at,
      'phone_number_id', c.phone_number_id)
    order by c.told_at desc, c.place desc, c.value),
  '[]') as consents
from "{schema}"."{prefix}_whatsapp_consents" c
where c.customer_id = {id}
  or c.customer_id is null
    and exists (
      select
      from "{schema}"."{prefix}_whatsapp_sightings" s
      where s.customer_id = {id}
        and (s.user_id = c.user_id or s.phone = c.phone and c.user_id is null and s.ended is null)
    )
