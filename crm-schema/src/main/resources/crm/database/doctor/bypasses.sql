-- What shows rows of the library's tables past their policies: tables that they inherit from or that inherit from them, and
-- views that run with their owner's rights. What functions do can't be seen from outside.
-- In the private schema. Parameters: the schema and the private schema.
with recursive
  home as materialized (
    select n.oid, p.oid as private, base.relowner
    from (select ?::text as name, ?::text as private_name) as given
    join pg_namespace n on n.nspname = given.name
    join pg_namespace p on p.nspname = given.private_name
    join pg_class base on base.relnamespace = n.oid and base.relname = 'agents'
  ),
  agents_own as materialized (
    select a.id, a.agent_prefix, format('%s_%s', a.agent_prefix, s.suffix)::name as name
    from agents a
    cross join (
      select unnest(array['customers', 'messages', 'orders', 'orders_items']) as suffix
      union
      select unnest(t.tables) from agent_templates t
    ) as s
  ),
  -- Tables of one agent may be each other's, as partitions are; and so may those of the private schema.
  own as materialized (
    select c.oid, o.agent_prefix as prefix, o.id::text as whose
    from home
    join pg_class c on c.relnamespace = home.oid and c.relkind in ('r', 'p')
    join agents_own o on o.name = c.relname
    union all
    select c.oid, null, c.relname::text
    from home
    join pg_class c on c.relnamespace = home.oid and c.relname in ('users', 'agents', 'whatsapp_configuration')
    union all
    select c.oid, null, 'private'
    from home
    join pg_class c on c.relnamespace = home.private and c.relkind in ('r', 'p')
  ),
  view as materialized (
    select c.oid, c.relname, c.relnamespace, c.relacl,
      o.rolsuper or o.rolbypassrls or pg_has_role(o.oid, home.relowner, 'usage') or pg_has_role(o.oid, 'service_role', 'usage')
        as passes_policies
    from home
    cross join pg_class c
    join pg_roles o on o.oid = c.relowner
    where c.relkind in ('v', 'm') and c.oid >= 16384
      and not exists (
        select from pg_options_to_table(c.reloptions) x where x.option_name = 'security_invoker' and x.option_value::boolean
      )
  ),
  reads as materialized (
    select distinct v.oid as view, v.passes_policies, d.refobjid as relation
    from view v
    join pg_rewrite w on w.ev_class = v.oid
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
      and d.refobjid <> v.oid
  ),
  shows (view, relation) as (
    select r.view, r.relation
    from reads r
    join own o on o.oid = r.relation
    where r.passes_policies
    union
    select r.view, s.relation
    from shows s
    join reads r on r.relation = s.view
  ),
  granted as (
    select v.oid as view, p.grantee, p.privilege_type
    from view v
    cross join lateral aclexplode(v.relacl) p
    union all
    select v.oid, p.grantee, p.privilege_type
    from view v
    join pg_attribute a on a.attrelid = v.oid and not a.attisdropped
    cross join lateral aclexplode(a.attacl) p
  )
select
  case when child.oid is null then 'child' else 'parent' end as kind,
  coalesce(child.prefix, parent.prefix) as prefix,
  case when child.oid is null then p.relname else c.relname end::text as name,
  case
    when child.oid is null
    then format('table %I.%I inherits from it, so rows of both are read, changed and deleted as if they were one''s',
      cn.nspname, c.relname)
    else format('it inherits from table %I.%I, and whoever may read that reads its rows past its policies',
      pn.nspname, p.relname)
  end as problem,
  case
    when child.oid is null then array[]::text[]
    when c.relispartition and pg_has_role(p.relowner, 'usage')
    then array[format('alter table %I.%I detach partition %I.%I', pn.nspname, p.relname, cn.nspname, c.relname)]
    when not c.relispartition and pg_has_role(c.relowner, 'usage')
    then array[format('alter table %I.%I no inherit %I.%I', cn.nspname, c.relname, pn.nspname, p.relname)]
    else array[]::text[]
  end as statements
from pg_inherits i
left join own child on child.oid = i.inhrelid
left join own parent on parent.oid = i.inhparent
join pg_class c on c.oid = i.inhrelid
join pg_namespace cn on cn.oid = c.relnamespace
join pg_class p on p.oid = i.inhparent
join pg_namespace pn on pn.oid = p.relnamespace
where child.whose is distinct from parent.whose
union all
select
  -- All rows of users and agents are everybody's who is signed in.
  case when bool_and(o.whose in ('users', 'agents')) then 'harmless view' else 'view' end,
  null,
  v.relname::text,
  format('the application''s own view %I.%I shows rows of %s past the policies, and %s may %s', n.nspname, v.relname,
    case count(distinct o.oid)
      when 1 then min(c.relname::text)
      else format('%s tables, such as %s,', count(distinct o.oid), min(c.relname::text))
    end,
    string_agg(distinct coalesce(r.rolname::text, 'everybody'), ' and '),
    string_agg(distinct lower(g.privilege_type), ', ')),
  array[]::text[]
from shows s
join own o on o.oid = s.relation
join pg_class c on c.oid = s.relation
join view v on v.oid = s.view
join pg_namespace n on n.oid = v.relnamespace
join granted g on g.view = v.oid and g.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
left join pg_roles r on r.oid = g.grantee
where (g.grantee = 0 or pg_has_role('anon', g.grantee, 'member') or pg_has_role('authenticated', g.grantee, 'member'))
  and (has_schema_privilege('anon', n.oid, 'usage') or has_schema_privilege('authenticated', n.oid, 'usage'))
group by n.nspname, v.oid, v.relname
order by 1, 2, 3, 4
