select count(*)
from (
  select *
  from {prefix}_messages
  where message ilike '%{word}%'
  order by timestamp desc, id desc
  limit 31
) as found
