-- What is in the CRM's two schemas, in lines of (object, what is to be said about it).
with
  home as (
    select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace as n where n.nspname in (?, ?)
  ),
  relation as (
    select c.*, format('%I.%I', home.nspname, c.relname) as name
    from pg_class as c
    join home on home.oid = c.relnamespace
  ),
  routine as (
    select p.*, p.oid::regprocedure::text as name
    from pg_proc as p
    join home on home.oid = p.pronamespace
    where p.prokind in ('f', 'p')
  )

select relation.name,
  concat_ws(' ', 'row security', case when relation.relrowsecurity then 'on' else 'off' end,
    case when relation.relforcerowsecurity then 'for the owner too' end)
from relation
where relation.relkind in ('r', 'p')

union all
select relation.name,
  concat_ws(' ', 'column', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end,
    case when a.attgenerated <> '' then 'generated' else 'default' end || ' ' || pg_get_expr(d.adbin, d.adrelid))
from relation
join pg_attribute as a on a.attrelid = relation.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where relation.relkind in ('r', 'p', 'v', 'm')

union all
select relation.name, format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid))
from pg_constraint as k
join relation on relation.oid = k.conrelid

union all
select relation.name, concat_ws(' ', pg_get_indexdef(i.indexrelid), case when not i.indisvalid then 'invalid' end)
from pg_index as i
join relation on relation.oid = i.indrelid

union all
select relation.name,
  concat_ws(' ',
    'policy', quote_ident(p.polname), case when p.polpermissive then 'permissive' else 'restrictive' end,
    'for', case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end,
    'to', (
      select string_agg(case r when 0 then 'public' else pg_get_userbyid(r)::text end, ', ' order by r)
      from unnest(p.polroles) as r
    ),
    'using ' || pg_get_expr(p.polqual, p.polrelid),
    'with check ' || pg_get_expr(p.polwithcheck, p.polrelid))
from pg_policy as p
join relation on relation.oid = p.polrelid

union all
select relation.name, concat_ws(' ', pg_get_triggerdef(t.oid), case when t.tgenabled = 'D' then 'disabled' end)
from pg_trigger as t
join relation on relation.oid = t.tgrelid
where not t.tgisinternal

union all
select routine.name, 'function ' || md5(pg_get_functiondef(routine.oid))
from routine

union all
select format('%I.%I', home.nspname, t.typname),
  'enum ' || (
    select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum as e where e.enumtypid = t.oid
  )
from pg_type as t
join home on home.oid = t.typnamespace
where t.typtype = 'e'

union all
select object.name,
  concat_ws(' ', 'grant', lower(acl.privilege_type), object.part,
    'to ' || case acl.grantee when 0 then 'public' else pg_get_userbyid(acl.grantee)::text end,
    case when acl.is_grantable then 'with grant option' end)
from (
  select 'schema ' || home.nspname as name, null as part, coalesce(home.nspacl, acldefault('n', home.nspowner)) as acl
  from home
  union all
  select relation.name, null,
    coalesce(relation.relacl, acldefault(case relation.relkind when 'S' then 's' else 'r' end::"char", relation.relowner))
  from relation
  where relation.relkind in ('r', 'p', 'v', 'm', 'S')
  union all
  select relation.name, format('(%I)', a.attname), a.attacl
  from relation
  join pg_attribute as a on a.attrelid = relation.oid
  where a.attacl is not null and not a.attisdropped
  union all
  select routine.name, null, coalesce(routine.proacl, acldefault('f', routine.proowner))
  from routine
) as object
cross join lateral aclexplode(object.acl) as acl
