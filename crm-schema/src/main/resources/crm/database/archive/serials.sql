-- The columns that draw ids. Parameter: the tables' oids.
select a.attrelid::text as relation, a.attname as name, pg_catalog.quote_ident(a.attname) as quoted
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
where a.attrelid = any (?::oid[]) and a.attnum > 0 and not a.attisdropped
  and pg_catalog.pg_get_serial_sequence(pg_catalog.format('%I.%I', n.nspname, c.relname), a.attname) is not null
order by a.attrelid, a.attnum
