-- Behind what the archive says and behind the greatest id. Parameters: the table, the column, the archive's position, '' for none.
select pg_catalog.setval(p.sequence::regclass, p.position)
from (
  select pg_catalog.pg_get_serial_sequence(?::text, ?::text) as sequence,
    greatest((select pg_catalog.max({column}) from {table}), nullif(?::text, '')::bigint) as position
) as p
where p.position is not null
