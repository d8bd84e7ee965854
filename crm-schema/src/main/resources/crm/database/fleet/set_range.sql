-- Behind the ids of this range that are in use.
select setval(
  'agents_id_seq',
  greatest(
    ?::bigint,
    coalesce((select max(a.id) + 1 from agents a where a.id >= ?::bigint and a.id < ?::bigint), 0)
  ),
  false
)
from agents_id_seq s
where s.last_value < ?::bigint or s.last_value >= ?::bigint;
