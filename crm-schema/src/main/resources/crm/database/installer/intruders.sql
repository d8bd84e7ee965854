-- Who could put something in the way of the functions, and what is there already: they find operators and functions through
-- their schemas, and one that fits better than PostgreSQL's own is preferred. Each with the statement that ends it.
-- Parameters: the schema and the private schema.
with
  home as materialized (
    select n.oid, n.nspname, n.nspowner, n.nspacl, base.relowner
    from (select ?::text as name, ?::text as private_name) as given
    join pg_namespace main on main.nspname = given.name
    join pg_class base on base.relnamespace = main.oid and base.relname = 'agents'
    join pg_namespace n on n.nspname in (given.name, given.private_name)
      or n.nspname = 'auth' and n.nspowner = base.relowner
  ),
  stranger as materialized (
    select r.oid, r.rolname from pg_roles r where not r.rolsuper and r.oid not in (select home.relowner from home)
  )
select 'creator' as kind, home.nspname::text as name,
  format('%s may create objects in schema %s, where functions that run as their owner look for theirs',
    coalesce(r.rolname::text, 'everybody'), home.nspname) as problem,
  format('revoke create on schema %I from %s', home.nspname, coalesce(quote_ident(r.rolname), 'public')) as statement
from home
cross join lateral aclexplode(coalesce(home.nspacl, acldefault('n', home.nspowner))) p
left join stranger r on r.oid = p.grantee and p.grantee <> home.nspowner
where p.privilege_type = 'CREATE' and (p.grantee = 0 or r.oid is not null)
union all
select 'shadow', home.nspname::text,
  format('operator %s of role %s takes the place of PostgreSQL''s own in the functions', o.oid::regoperator, r.rolname),
  format('drop operator %I.%s (%s, %s)', home.nspname, o.oprname,
    case when o.oprleft = 0 then 'none' else format_type(o.oprleft, null) end, format_type(o.oprright, null))
from home
join pg_operator o on o.oprnamespace = home.oid
join stranger r on r.oid = o.oprowner
where exists (select from pg_operator b where b.oprname = o.oprname and b.oprnamespace = 'pg_catalog'::regnamespace)
  and not exists (
    select from pg_depend d where d.classid = 'pg_operator'::regclass and d.objid = o.oid and d.deptype = 'e'
  )
union all
select 'shadow', home.nspname::text,
  format('function %s of role %s may be called in place of the one that the functions mean', f.oid::regprocedure, r.rolname),
  format('drop routine %I.%I(%s)', home.nspname, f.proname, pg_get_function_identity_arguments(f.oid))
from home
join pg_proc f on f.pronamespace = home.oid
join stranger r on r.oid = f.proowner
where exists (
    select
    from pg_proc b
    where b.proname = f.proname
      and (
        b.pronamespace = 'pg_catalog'::regnamespace
        or b.pronamespace in (select home.oid from home) and b.proowner in (select home.relowner from home)
      )
  )
  and not exists (
    select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = f.oid and d.deptype = 'e'
  )
union all
select 'shadow', home.nspname::text,
  format('the cast from %s to %s runs function %s of role %s', format_type(c.castsource, null),
    format_type(c.casttarget, null), f.oid::regprocedure, r.rolname),
  format('drop cast (%s as %s)', format_type(c.castsource, null), format_type(c.casttarget, null))
from home
join pg_proc f on f.pronamespace = home.oid
join stranger r on r.oid = f.proowner
join pg_cast c on c.castfunc = f.oid
where not exists (
  select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = f.oid and d.deptype = 'e'
)
order by 1, 2, 3
