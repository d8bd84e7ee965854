-- A message a second, each of any of the customers.
insert into {prefix}_messages (customer_id, message, direction, timestamp)
select
  1 + abs(hashint4(n)::bigint) % ?,
  'Message ' || n || ': two bags of coffee, please, and a pack of paper filters',
  case n % 3 when 0 then 'outbound' else 'inbound' end,
  timestamp '2026-01-01' + n * interval '1 second'
from generate_series(1, ?) as n
