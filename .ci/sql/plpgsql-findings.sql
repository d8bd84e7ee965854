-- Every finding of plpgsql_check, all kinds of warnings, on every PL/pgSQL
-- function of the two schemas: one line each, none when all is well. A trigger
-- function is checked for each table and set of transition tables it serves.
-- The extension is gone again afterwards, and so are the tables of crm-core for
-- webhooks, whose triggers call functions of this schema.
\pset tuples_only on
\pset format unaligned
begin;
create schema judge;
create extension plpgsql_check schema judge;
\i :webhook_tables

create view judge.all_findings as
with functions as (
  select p.oid, p.oid::regprocedure as signature, p.prorettype = 'trigger'::regtype as for_trigger
  from pg_proc p
  join pg_language l on l.oid = p.prolang
  where l.lanname = 'plpgsql'
    and p.pronamespace in (select oid from pg_namespace where nspname in ('public', 'crm_private'))
    and p.prosrc not like 'begin raise exception ''found %'
),
uses as (
  select f.oid, f.signature, 0::oid as relid, null::name as oldtable, null::name as newtable
  from functions f
  where not f.for_trigger
  union
  select distinct f.oid, f.signature, t.tgrelid, t.tgoldtable, t.tgnewtable
  from functions f
  join pg_trigger t on t.tgfoid = f.oid and not t.tgisinternal
  where f.for_trigger
),
findings as (
  select u.signature, u.relid, finding
  from uses u
  cross join lateral judge.plpgsql_check_function(
    u.oid, relid => u.relid, oldtable => u.oldtable, newtable => u.newtable,
    format => 'json', all_warnings => true) as report
  cross join lateral json_array_elements(report::json -> 'issues') as finding
  -- What it executes is SQL as a whole, from a table that only the owner writes.
  where not (
    u.signature::text like any (array['crm_private.migrate_agent(%', 'crm_private.apply_privileges(%'])
    and finding -> 'query' ->> 'text' = 'commands'
    and finding ->> 'message' = 'text type variable is not sanitized'
  )
  -- It updates and deletes by names of tables alone, which can't be seen through.
  and not (
    u.signature::text like 'crm_private.replace_customer(%'
    and finding ->> 'message' like 'routine is marked as VOLATILE%'
  )
  -- Their rows come from SQL that names the agent's table.
  and not (
    u.signature::text like any (array['%search_messages(%', '%search_customers(%'])
    and finding ->> 'message' like 'OUT variable % is maybe unmodified'
  )
)
select format(
    '%s line %s (%s): %s: %s%s', signature,
    coalesce(finding -> 'statement' ->> 'lineNumber', '?'),
    coalesce(finding -> 'statement' ->> 'text', 'whole function'),
    finding ->> 'level', finding ->> 'message',
    coalesce(' | ' || (finding -> 'query' ->> 'text'), ''))
  || coalesce(' | on ' || string_agg(distinct nullif(relid, 0)::regclass::text, ', '), '') as finding
from findings
group by signature::text, signature, finding::text,
  finding -> 'statement' ->> 'lineNumber', finding -> 'statement' ->> 'text',
  finding ->> 'level', finding ->> 'message', finding -> 'query' ->> 'text'
union all
select format('%s: a trigger function that no trigger calls, it could not be checked', f.signature)
from functions f
where f.for_trigger
  and not exists (select from pg_trigger t where t.tgfoid = f.oid)
  -- Those that follow auth.users have nothing to follow on a plain server.
  and to_regclass('auth.users') is not null
union all
select 'no PL/pgSQL function found: is anything installed?'
where not exists (select from functions);
select * from judge.all_findings order by 1;

-- None of them finds a function that stands in the way of the one that is meant.
\i :shadows
set local search_path = pg_catalog;
select 'beside others: ' || finding from judge.all_findings
union
select p.oid::regprocedure || ' calls public.' || d.name || d.params
from pg_proc p
join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
left join pg_trigger t on t.tgfoid = p.oid and not t.tgisinternal
cross join lateral judge.plpgsql_show_dependency_tb(p.oid, coalesce(t.tgrelid, 0)) d
where p.pronamespace in ('public'::regnamespace, 'crm_private'::regnamespace)
  and p.prosrc not like 'begin raise exception ''found %'
  and (p.prorettype <> 'trigger'::regtype or t.tgrelid is not null)
  and d.type = 'FUNCTION'
  and exists (
    select
    from pg_proc s
    where s.pronamespace = 'public'::regnamespace and s.proname = d.name and d.schema = 'public'
      and s.prosrc like 'begin raise exception ''found %'
      and d.params = format('(%s)', array_to_string(array(select a::regtype::text from unnest(s.proargtypes) a), ','))
  )
order by 1;
rollback;
