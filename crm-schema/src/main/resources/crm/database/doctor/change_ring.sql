-- What is wrong with the ring of the change feed, and by which statement the owner mends it, where one does. Nothing where the
-- feed isn't installed. To be run with the functions' search_path.
with ring as (
  select r.*, (select c.system_identifier from pg_catalog.pg_control_system() as c) as cluster
  from change_ring r
),
part as (
  select p.name, pg_catalog.to_regclass(p.name) as relation
  from (values ('changes_0'), ('changes_1'), ('changes_2'), ('changes_3')) as p (name)
)
select 'change_ring' as name, 'has no row, so nothing can be written to watched tables' as problem,
  pg_catalog.format('insert into %I.change_ring (system_identifier) select c.system_identifier from pg_catalog.pg_control_system() as c',
    current_schema()) as statement
where not exists (select from ring)
union all
select p.name, 'is no part of changes any more, so what is in it is not read',
  pg_catalog.format('alter table %1$I.%2$I inherit %1$I.changes', current_schema(), p.name)
from part p
where p.relation is not null
  and not exists (
    select from pg_catalog.pg_inherits i
    where i.inhrelid = p.relation::oid and i.inhparent = pg_catalog.to_regclass('changes')::oid
  )
union all
select 'change_ring', 'is of another database cluster, from which this one was restored',
  pg_catalog.format('select %I.rotate_changes()', current_schema())
from ring r
where r.system_identifier <> r.cluster
  and (exists (select from agent_templates t where t.extension = 'change_feed') or exists (select from changes))
union all
select 'change_ring', pg_catalog.format('nobody has turned it since %s, and it grows', r.began), null
from ring r
where r.began + 2 * r.slot_time < clock_timestamp()
  and exists (select from agent_templates t where t.extension = 'change_feed')
order by 1, 2
