insert into {prefix}_messages (customer_id, message, direction, timestamp)
select
  1,
  'Message ' || n || ': two bags of coffee, please, and a pack of paper filters',
  case n % 3 when 0 then 'outbound' else 'inbound' end,
  timestamp '2026-02-01' + n * interval '1 second'
from generate_series(1, ?) as n
