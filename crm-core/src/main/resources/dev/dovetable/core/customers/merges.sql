-- Slots: the id of the customer who was lost or kept.
select pg_catalog.jsonb_build_object(
  'lost_id', m.lost_id,
  'kept_id', m.kept_id,
  'merged_at', m.merged_at,
  'source', m.source,
  'only_messages', m.customer is null,
  'left_behind', m.left_behind,
  'undone_at', m.undone_at)
from "{schema}"."{prefix}_whatsapp_merges" m
where {customer} in (m.lost_id, m.kept_id)
order by m.merged_at desc, m.lost_id desc, m.kept_id desc
