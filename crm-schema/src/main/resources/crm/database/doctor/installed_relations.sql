-- The tables and sequences of an installation that has no agents. Parameters: the schema and the private schema.
select n.nspname as home, c.relname as name
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname in (?::text, ?::text) and c.relkind in ('r', 'S')
order by 1, 2
