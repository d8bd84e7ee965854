-- What of one agent is not as it is with every agent, whatever extensions it has: a line for each table and reason. Told by
-- what the catalogues hold, not by comparison with another agent, which may have the same fault.
--
-- Parameters: the schema of the agents' tables, the prefix, the id. To be run with the private schema alone as search_path, so
-- that all other names are printed in full.
with
  home as materialized (
    select n.oid as schema, a.oid as agents, a.relowner as owner, g.prefix, g.id
    from (select ?::name, ?::text, ?::bigint) as g (schema, prefix, id)
    join pg_namespace n on n.nspname = g.schema
    join pg_class a on a.relnamespace = n.oid and a.relname = 'agents'
  ),
  -- By the index: behind the underscore comes the backtick.
  own as materialized (
    select c.*, pg_catalog.substr(c.relname, pg_catalog.length(h.prefix) + 2) as suffix, h.prefix, h.id
    from home h
    join pg_class c on c.relnamespace = h.schema
      and c.relname >= (h.prefix || '_')::name and c.relname < (h.prefix || '`')::name
  ),
  tables as materialized (
    select * from own where relkind in ('r', 'p', 'v', 'm', 'f')
  ),
  built_in (suffix, parent, key) as (
    values ('customers', 'agents', 'agent_id'), ('messages', 'customers', 'customer_id'),
      ('orders', 'customers', 'customer_id'), ('orders_items', 'orders', 'order_id')
  ),
  -- A default is there or not: what it is, is for the application to say.
  built_in_column (suffix, name, type, is_required, has_default) as (
    values ('customers', 'id', 'integer', true, true), ('customers', 'agent_id', 'bigint', true, false),
      ('customers', 'name', 'text', true, false), ('customers', 'phone', 'text', true, false),
      ('customers', 'created_at', 'timestamp without time zone', false, true),
      ('messages', 'id', 'integer', true, true), ('messages', 'customer_id', 'integer', true, false),
      ('messages', 'message', 'text', true, false), ('messages', 'direction', 'character varying(10)', true, false),
      ('messages', 'timestamp', 'timestamp without time zone', false, true),
      ('orders', 'id', 'integer', true, true), ('orders', 'customer_id', 'integer', true, false),
      ('orders', 'total_amount', 'numeric(10,2)', false, true),
      ('orders', 'status', 'character varying(50)', false, true), ('orders', 'notes', 'text', false, false),
      ('orders', 'shipping_address', 'text', false, false),
      ('orders', 'created_at', 'timestamp without time zone', false, true),
      ('orders', 'updated_at', 'timestamp without time zone', false, true),
      ('orders_items', 'id', 'integer', true, true), ('orders_items', 'order_id', 'integer', true, false),
      ('orders_items', 'name', 'text', true, false), ('orders_items', 'quantity', 'integer', true, true),
      ('orders_items', 'price', 'numeric(10,2)', true, true), ('orders_items', 'total', 'numeric(10,2)', false, true),
      ('orders_items', 'created_at', 'timestamp without time zone', false, true)
  ),
  built_in_trigger (suffix, name) as (
    values ('orders', 'keep_order'), ('orders_items', 'items_inserted'), ('orders_items', 'items_updated'),
      ('orders_items', 'items_deleted'), ('orders_items', 'items_truncated')
  ),
  -- Whom requests act as, and whoever may act as them or gives them its rights.
  signed_in as materialized (
    select 0::oid as role
    union all
    select r.oid
    from pg_roles r
    where r.rolname <> 'service_role' and not r.rolsuper
      and (
        pg_catalog.pg_has_role(r.oid, 'authenticated', 'member') or pg_catalog.pg_has_role(r.oid, 'anon', 'member')
        or pg_catalog.pg_has_role('authenticated', r.oid, 'member') or pg_catalog.pg_has_role('anon', r.oid, 'member')
      )
  ),
  functions as materialized (
    select p.oid, substr(p.proname, length(h.prefix) + 2) as suffix, p.proowner, p.proacl, p.proconfig, h.id, h.owner
    from home h
    join pg_namespace n on n.nspname = current_schema()
    join pg_proc p on p.pronamespace = n.oid and pg_catalog.starts_with(p.proname, h.prefix || '_')
  ),
  held as (
    select o.relname, o.relkind, p.grantee, p.privilege_type, p.is_grantable, '' as of_column
    from own o
    cross join lateral pg_catalog.aclexplode(o.relacl) p
    where o.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and p.grantee <> o.relowner
    union all
    select t.relname, t.relkind, p.grantee, p.privilege_type, p.is_grantable, pg_catalog.format(' (%I)', a.attname)
    from tables t
    join pg_attribute a on a.attrelid = t.oid and a.attacl is not null and not a.attisdropped
    cross join lateral pg_catalog.aclexplode(a.attacl) p
    where p.grantee <> t.relowner
  ),
  breach (relation, problem) as (
    select b.suffix, 'is not there any more'
    from built_in b
    where not exists (select from tables t where t.suffix = b.suffix)
    union all
    select t.suffix, 'is not known as a table of the agent: only CREATE TABLE {name} makes one'
    from home h
    cross join tables t
    where t.suffix not in (select b.suffix from built_in b)
      and t.suffix <> all (
        select pg_catalog.unnest(a.tables)
        from agent_templates a
        join agent_versions v on v.extension = a.extension and v.version = a.version and v.agent_id = h.id
      )
    union all
    select t.suffix, 'is no table, or has rows of tables that are not the agent''s'
    from tables t
    where t.relkind not in ('r', 'p')
      or exists (
        select from pg_inherits i
        where t.oid in (i.inhrelid, i.inhparent)
          and not (i.inhrelid in (select o.oid from own o) and i.inhparent in (select o.oid from own o))
      )
    union all
    select t.suffix, 'has rules'
    from tables t
    where t.relkind = 'r' and exists (select from pg_rewrite w where w.ev_class = t.oid)
    union all
    select suffix, 'has no row level security'
    from tables
    where not relrowsecurity
    union all
    select t.suffix, 'lacks the policy ' || pg_catalog.quote_ident(t.relname || '_access') || ', which admits this agent''s users alone'
    from home h
    cross join lateral (
      select pg_catalog.format('( SELECT owns_agent(''%s''::bigint) AS owns_agent)', h.id) as asked
    ) as e
    cross join tables t
    where not exists (
      select from pg_policy p
      where p.polrelid = t.oid and p.polname = (t.relname || '_access')::name and p.polpermissive and p.polcmd = '*'
        and p.polroles = array['authenticated'::regrole::oid]
        and pg_catalog.pg_get_expr(p.polqual, 0) = e.asked and pg_catalog.pg_get_expr(p.polwithcheck, 0) = e.asked
    )
    union all
    select t.suffix, pg_catalog.format('has the policy %I, which opens it to users of other agents', p.polname)
    from tables t
    join pg_policy p on p.polrelid = t.oid and p.polpermissive
    where p.polname <> (t.relname || '_access')::name
      and exists (select from pg_catalog.unnest(p.polroles) as r (role) join signed_in s on s.role = r.role)
    union all
    select o.suffix, 'belongs to ' || o.relowner::regrole
    from home h
    cross join own o
    where o.relowner <> h.owner
    union all
    select pg_catalog.substr(p.relname, pg_catalog.length(h.prefix) + 2),
      pg_catalog.format('lets %s %s%s', case p.grantee when 0 then 'everybody' else p.grantee::regrole::text end,
        pg_catalog.lower(p.privilege_type), p.of_column)
    from home h
    cross join held p
    where (p.grantee = 0 or pg_catalog.pg_has_role('anon', p.grantee, 'member') or pg_catalog.pg_has_role('authenticated', p.grantee, 'member'))
      and (p.is_grantable or p.grantee <> 'authenticated'::regrole
      or p.privilege_type <> all (case p.relkind
        when 'S' then array['USAGE']
        else array['SELECT', 'INSERT', 'UPDATE', 'DELETE']
      end))
    union all
    select f.suffix, 'is not known as a function of the agent: only CREATE FUNCTION {crm}.{name} makes one'
    from functions f
    where f.suffix <> all (
        select pg_catalog.unnest(a.functions)
        from agent_templates a
        join agent_versions v on v.extension = a.extension and v.version = a.version and v.agent_id = f.id
      )
      or not pg_catalog.starts_with(coalesce(pg_catalog.obj_description(f.oid, 'pg_proc'), ''), pg_catalog.format('Function of agent %s.', f.id))
    union all
    select f.suffix, 'belongs to ' || f.proowner::regrole
    from functions f
    where f.proowner <> f.owner
    union all
    select f.suffix, pg_catalog.format('lets %s execute it', case p.grantee when 0 then 'everybody' else p.grantee::regrole::text end)
    from functions f
    cross join lateral pg_catalog.aclexplode(coalesce(f.proacl, pg_catalog.acldefault('f', f.proowner))) p
    where p.grantee <> f.proowner
    union all
    select f.suffix, 'has no search_path of its own'
    from functions f
    where not exists (select from pg_catalog.unnest(f.proconfig) as c (setting) where pg_catalog.starts_with(c.setting, 'search_path='))
    union all
    select p.proname, 'belongs to ' || p.proowner::regrole
    from home h
    cross join (select distinct pg_catalog.unnest(a.shared_functions) as name from agent_templates a) as s
    join pg_namespace n on n.nspname = current_schema() and not pg_catalog.starts_with(s.name, '{api}.')
      or n.oid = h.schema and pg_catalog.starts_with(s.name, '{api}.')
    join pg_proc p on p.pronamespace = n.oid and p.proname = pg_catalog.regexp_replace(s.name, '^[{]api[}][.]', '')::name
    where p.proowner <> h.owner
    union all
    select b.suffix, pg_catalog.format('lacks the column %I as it was made: %s%s%s', b.name, b.type,
      case when b.is_required then ' not null' end, case when b.has_default then ' with a default' end)
    from built_in_column b
    join tables t on t.suffix = b.suffix
    where not exists (
      select from pg_attribute a
      where a.attrelid = t.oid and a.attname = b.name and pg_catalog.format_type(a.atttypid, a.atttypmod) = b.type
        and (a.attnotnull or not b.is_required) and (a.atthasdef or not b.has_default)
    )
    union all
    select 'customers', 'lacks the check that its rows are this agent''s'
    from tables t
    where t.suffix = 'customers'
      and not exists (
        select from pg_constraint k
        where k.conrelid = t.oid and k.conname = (t.relname || '_agent_id_check')::name and k.contype = 'c'
          and k.convalidated and coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::boolean, true)
          and pg_catalog.pg_get_constraintdef(k.oid) = pg_catalog.format('CHECK ((agent_id = ''%s''::bigint))', t.id)
      )
    union all
    select b.suffix, 'lacks the foreign key on ' || b.key
    from home h
    cross join built_in b
    join tables t on t.suffix = b.suffix
    where not exists (
      select from pg_constraint k
      join pg_attribute a on a.attrelid = t.oid and a.attnum = k.conkey[1] and a.attname = b.key
      where k.conrelid = t.oid and k.contype = 'f' and pg_catalog.cardinality(k.conkey) = 1
        and k.convalidated and coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::boolean, true)
        and k.confrelid = coalesce((select p.oid from tables p where p.suffix = b.parent), h.agents)
    )
    union all
    select t.suffix, pg_catalog.format('refers to %s, which is not the agent''s, by the foreign key %I', k.confrelid::regclass, k.conname)
    from home h
    cross join tables t
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
    where k.confrelid not in (select o.oid from own o)
      and not (t.suffix = 'customers' and k.confrelid = h.agents and k.conname = (t.relname || '_agent_id_fkey')::name)
    union all
    select t.suffix, pg_catalog.format('is referred to from %s, which is not the agent''s', k.conrelid::regclass)
    from tables t
    join pg_constraint k on k.confrelid = t.oid and k.contype = 'f'
    where k.conrelid not in (select o.oid from own o)
    union all
    select b.suffix, pg_catalog.format('lacks the trigger %I, which keeps the totals of orders', b.name)
    from built_in_trigger b
    join tables t on t.suffix = b.suffix
    where not exists (
      select from pg_trigger g where g.tgrelid = t.oid and g.tgname = b.name and g.tgenabled in ('O', 'A')
    )
    union all
    select t.suffix, 'has foreign keys that are switched off'
    from tables t
    where exists (select from pg_trigger g where g.tgrelid = t.oid and g.tgisinternal and g.tgenabled not in ('O', 'A'))
  )
-- The prefix is random, and what is told of two such agents is to be alike.
select distinct b.relation, pg_catalog.replace(b.problem, h.prefix || '_', '{prefix}_') as problem
from home h
cross join breach b
order by 1, 2
