-- What is dropped before rows are loaded and made again behind them, so that tables come in any order and indexes are built at
-- once. Names in full: on the path pg_catalog alone. Parameter: the tables' oids.
with
  given as materialized (
    select ?::oid[] as tables
  )
select k.conrelid::text as relation, k.contype::text as kind,
  pg_catalog.format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname) as undo,
  pg_catalog.format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_catalog.pg_get_constraintdef(k.oid))
    as redo
from given
join pg_constraint k on k.conrelid = any (given.tables)
where k.contype in ('p', 'u', 'x') or k.contype = 'f' and k.confrelid = any (given.tables)
union all
select i.indrelid::text, 'i', pg_catalog.format('drop index %s', i.indexrelid::regclass),
  pg_catalog.pg_get_indexdef(i.indexrelid)
from given
join pg_index i on i.indrelid = any (given.tables)
where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
union all
select k.conrelid::text, 'c', '',
  pg_catalog.format('comment on constraint %I on %s is %L', k.conname, k.conrelid::regclass, d.description)
from given
join pg_constraint k on k.conrelid = any (given.tables) and k.contype in ('p', 'u', 'x', 'f')
join pg_description d on d.objoid = k.oid and d.classoid = 'pg_constraint'::regclass
union all
select i.indrelid::text, 'c', '',
  pg_catalog.format('comment on index %s is %L', i.indexrelid::regclass, d.description)
from given
join pg_index i on i.indrelid = any (given.tables)
join pg_description d on d.objoid = i.indexrelid and d.classoid = 'pg_class'::regclass
order by 2, 1, 4
