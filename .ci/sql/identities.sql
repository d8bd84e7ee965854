-- The identity of every object of the library: an object that is dropped and
-- made again has another one.
\pset tuples_only on
\pset format unaligned
with schemas as (select oid from pg_namespace where nspname in ('public', 'crm_private')),
relations as (select * from pg_class where relnamespace in (select oid from schemas))
select format('relation %s %s', oid::regclass, oid) from relations
union all
select format('constraint %s on %s %s', conname, conrelid::regclass, oid) from pg_constraint
where connamespace in (select oid from schemas)
union all
select format('trigger %s on %s %s', tgname, tgrelid::regclass, oid) from pg_trigger
where not tgisinternal and (tgrelid in (select oid from relations)
  or tgfoid in (select oid from pg_proc where pronamespace in (select oid from schemas)))
union all
select format('policy %s on %s %s', polname, polrelid::regclass, oid) from pg_policy
where polrelid in (select oid from relations)
union all
select format('function %s %s', oid::regprocedure, oid) from pg_proc
where pronamespace in (select oid from schemas)
union all
select format('type %s %s', oid::regtype, oid) from pg_type
where typnamespace in (select oid from schemas)
order by 1;
