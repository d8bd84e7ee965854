-- Every object outside the system's own schemas as (kind, name, definition), without oids and without the order of columns,
-- so that two databases can be compared object by object.
with
  schema as (
    select n.oid, n.nspname, n.nspowner, n.nspacl
    from pg_namespace as n
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  ),
  relation as (
    select c.*, format('%I.%I', schema.nspname, c.relname) as name
    from pg_class as c
    join schema on schema.oid = c.relnamespace
  )

select 'schema' as kind, schema.nspname::text as name,
  concat_ws(E'\n',
    'owner ' || pg_get_userbyid(schema.nspowner),
    'comment ' || obj_description(schema.oid, 'pg_namespace')) as definition
from schema

union all
select 'relation', relation.name,
  concat_ws(E'\n',
    'kind ' || relation.relkind::text, 'persistence ' || relation.relpersistence::text,
    'owner ' || pg_get_userbyid(relation.relowner),
    'row security ' || relation.relrowsecurity, 'forced ' || relation.relforcerowsecurity,
    'replica identity ' || relation.relreplident::text,
    'options ' || relation.reloptions::text,
    'comment ' || obj_description(relation.oid, 'pg_class'))
from relation
where relation.relkind not in ('i', 'I')

union all
select 'column', format('%s.%I', relation.name, a.attname),
  concat_ws(E'\n',
    format_type(a.atttypid, a.atttypmod),
    'not null ' || a.attnotnull,
    'default ' || pg_get_expr(d.adbin, d.adrelid),
    'generated ' || a.attgenerated::text, 'identity ' || a.attidentity::text,
    'collation ' || a.attcollation::regcollation::text,
    'storage ' || a.attstorage::text, 'options ' || a.attoptions::text,
    'comment ' || col_description(relation.oid, a.attnum))
from relation
join pg_attribute as a on a.attrelid = relation.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where relation.relkind in ('r', 'p', 'v', 'm', 'c')

union all
select 'constraint', format('%s.%I', coalesce(relation.name, k.contypid::regtype::text), k.conname),
  concat_ws(E'\n',
    pg_get_constraintdef(k.oid), 'validated ' || k.convalidated,
    'deferrable ' || k.condeferrable, 'deferred ' || k.condeferred,
    'comment ' || obj_description(k.oid, 'pg_constraint'))
from pg_constraint as k
join schema on schema.oid = k.connamespace
left join relation on relation.oid = k.conrelid

union all
select 'index', relation.name,
  concat_ws(E'\n',
    pg_get_indexdef(i.indexrelid), 'valid ' || i.indisvalid,
    'owner ' || pg_get_userbyid(relation.relowner),
    'comment ' || obj_description(relation.oid, 'pg_class'))
from pg_index as i
join relation on relation.oid = i.indexrelid

union all
select 'policy', format('%s.%I', relation.name, p.polname),
  concat_ws(E'\n',
    'for ' || p.polcmd::text, 'permissive ' || p.polpermissive,
    'to ' || (select string_agg(case r when 0 then 'public' else pg_get_userbyid(r)::text end, ',' order by r = 0, pg_get_userbyid(r)) from unnest(p.polroles) as r),
    'using ' || pg_get_expr(p.polqual, p.polrelid),
    'check ' || pg_get_expr(p.polwithcheck, p.polrelid),
    'comment ' || obj_description(p.oid, 'pg_policy'))
from pg_policy as p
join relation on relation.oid = p.polrelid

union all
select 'function', p.oid::regprocedure::text,
  concat_ws(E'\n',
    pg_get_functiondef(p.oid),
    'owner ' || pg_get_userbyid(p.proowner),
    'comment ' || obj_description(p.oid, 'pg_proc'))
from pg_proc as p
join schema on schema.oid = p.pronamespace
where p.prokind in ('f', 'p')

union all
select 'trigger', format('%s.%I', relation.name, t.tgname),
  concat_ws(E'\n',
    pg_get_triggerdef(t.oid), 'enabled ' || t.tgenabled::text,
    'comment ' || obj_description(t.oid, 'pg_trigger'))
from pg_trigger as t
join relation on relation.oid = t.tgrelid
where not t.tgisinternal

union all
select 'type', format('%I.%I', schema.nspname, t.typname),
  concat_ws(E'\n',
    'labels ' || (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum as e where e.enumtypid = t.oid),
    'owner ' || pg_get_userbyid(t.typowner),
    'comment ' || obj_description(t.oid, 'pg_type'))
from pg_type as t
join schema on schema.oid = t.typnamespace
where t.typtype in ('e', 'd')

union all
select 'sequence', relation.name,
  concat_ws(E'\n',
    format_type(s.seqtypid, null),
    format('start %s increment %s min %s max %s cache %s cycle %s',
      s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle),
    (
      select format('owned by %s.%I, dependency %s', d.refobjid::regclass, a.attname, d.deptype)
      from pg_depend as d
      join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = relation.oid
        and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    ))
from pg_sequence as s
join relation on relation.oid = s.seqrelid

union all
select 'privilege',
  object.name || ' ' || case acl.grantee when 0 then 'public' else pg_get_userbyid(acl.grantee)::text end
    || ' ' || lower(acl.privilege_type),
  string_agg(
    'granted by ' || pg_get_userbyid(acl.grantor) || case when acl.is_grantable then ' with grant option' else '' end,
    E'\n' order by pg_get_userbyid(acl.grantor))
from (
  select 'schema ' || schema.nspname as name, coalesce(schema.nspacl, acldefault('n', schema.nspowner)) as acl
  from schema
  union all
  select relation.name,
    coalesce(relation.relacl, acldefault(case relation.relkind when 'S' then 's' else 'r' end::"char", relation.relowner))
  from relation
  where relation.relkind not in ('i', 'I', 'c')
  union all
  select format('%s.%I', relation.name, a.attname), a.attacl
  from relation
  join pg_attribute as a on a.attrelid = relation.oid
  where a.attacl is not null and not a.attisdropped
  union all
  select p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
  from pg_proc as p
  join schema on schema.oid = p.pronamespace
  union all
  select 'type ' || format('%I.%I', schema.nspname, t.typname), coalesce(t.typacl, acldefault('T', t.typowner))
  from pg_type as t
  join schema on schema.oid = t.typnamespace
  where t.typtype in ('e', 'd')
) as object
cross join lateral aclexplode(object.acl) as acl
group by 2

union all
select 'default privilege',
  concat_ws(' ', pg_get_userbyid(d.defaclrole), d.defaclnamespace::regnamespace, d.defaclobjtype),
  d.defaclacl::text
from pg_default_acl as d

order by 1, 2
