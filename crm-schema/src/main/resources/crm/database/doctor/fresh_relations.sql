-- The names that an agent's tables and their sequences have, or would have. Parameters: the prefix, and the last parts of
-- the names of agents' tables, separated by commas.
with
  table_name as (
    select format('%s_%s', ?::text, s.suffix) as name
    from unnest(string_to_array(?::text, ',')) as s (suffix)
  )
select name
from table_name
union
select c.relname::text
from table_name t
join pg_depend d on d.refobjid = to_regclass(quote_ident(t.name)) and d.refclassid = 'pg_class'::regclass
  and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
join pg_class c on c.oid = d.objid and c.relkind = 'S'
order by 1
