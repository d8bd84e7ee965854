-- What everybody, anon, authenticated and service_role may effectively do with
-- every table, column, sequence, function and schema of the library: one line
-- for each right that is held.
\pset tuples_only on
\pset format unaligned
with roles(role) as (values ('public'), ('anon'), ('authenticated'), ('service_role')),
schemas as (
  select oid, nspname from pg_namespace where nspname in ('public', 'crm_private')
),
held as (
  select role, 'table ' || c.oid::regclass as object, privilege
  from roles, pg_class c,
    unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
      as privilege
  where c.relnamespace in (select oid from schemas) and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and has_table_privilege(role, c.oid, privilege)
  union all
  select role, format('column %s.%I', c.oid::regclass, a.attname), privilege
  from roles, pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped,
    unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) as privilege
  where c.relnamespace in (select oid from schemas) and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and has_column_privilege(role, c.oid, a.attnum, privilege)
    and not has_table_privilege(role, c.oid, privilege)
  union all
  -- OFFSET 0: the planner must not ask has_sequence_privilege about a table.
  select role, 'sequence ' || s.oid::regclass, privilege
  from roles,
    (select oid from pg_class
     where relnamespace in (select oid from schemas) and relkind = 'S' offset 0) s,
    unnest(array['USAGE', 'SELECT', 'UPDATE']) as privilege
  where has_sequence_privilege(role, s.oid, privilege)
  union all
  select role, 'function ' || p.oid::regprocedure, 'EXECUTE'
  from roles, pg_proc p
  where p.pronamespace in (select oid from schemas)
    and has_function_privilege(role, p.oid, 'EXECUTE')
  union all
  select role, 'schema ' || n.nspname, privilege
  from roles, schemas n, unnest(array['USAGE', 'CREATE']) as privilege
  where has_schema_privilege(role, n.oid, privilege)
)
select role || ': ' || object || ': ' || privilege
from held
order by 1;
