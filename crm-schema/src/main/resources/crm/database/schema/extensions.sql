begin;
-- Extensions: what applications add to each agent's tables, and under the name crm what newer versions of this library do
-- to the tables of agents that are older.
--
-- Run by psql into the current schema, after the five files of the specification, whose functions give each new agent what
-- is registered here. Run again, it changes nothing. CrmSchema.install runs it; AgentMigrations of crm-schema needs it.

-- All settings end with this transaction. Each function keeps the search_path of the moment it is made, so the same file
-- installs into any schema.
do $$
declare
  private_schema text := case current_schema() when 'public' then 'crm_private' else current_schema()::text || '_private' end;
begin
  if current_schema() is null then
    raise exception 'there is no schema to install into'
      using errcode = 'invalid_schema_name',
        hint = 'Set search_path to a schema that exists, for example: set search_path = public;';
  end if;
  if getdatabaseencoding() <> 'UTF8' then
    raise exception 'database % is encoded in %, which lacks most of what people write in messages',
      current_database(), getdatabaseencoding()
      using errcode = 'feature_not_supported',
        hint = 'Use one that is encoded in UTF8: create database ... encoding ''UTF8'' template template0;';
  end if;
  -- The names of schemas are compared as text.
  perform set_config('quote_all_identifiers', 'off', true), set_config('standard_conforming_strings', 'on', true);
  perform
    set_config('crm.schema_path', format('%I, %I, pg_temp', current_schema(), private_schema), true),
    set_config('crm.private_path', format('%I, %I, pg_temp', private_schema, current_schema()), true),
    set_config('client_min_messages', 'warning', true);
  perform set_config('search_path', current_setting('crm.schema_path'), true);
end
$$;
set local lock_timeout = '10s';
set local statement_timeout = '10min';

do $$
begin
  perform set_config('search_path', current_setting('crm.private_path'), true);
end
$$;

-- Templates are run with the rights of the owner, so nobody else writes them. There are no foreign keys among these three:
-- only functions write the other two.
create table if not exists agent_templates (
  extension text not null,
  version bigint not null,
  file text not null,
  checksum text not null,
  template text not null,
  names text[] not null,
  tables text[] not null,
  registered bigint generated always as identity,
  registered_at timestamp with time zone not null default now(),
  constraint agent_templates_pkey primary key (extension, version),
  constraint agent_templates_extension_check check (extension ~ '^[a-z][a-z0-9_]{0,39}$'),
  constraint agent_templates_version_check check (version > 0),
  constraint agent_templates_checksum_check check (checksum ~ '^[0-9a-f]{64}$')
);
-- Installations before versions could be replaced.
alter table agent_templates add column if not exists replaced text[] not null default '{}';
comment on table agent_templates is 'Versions of extensions: SQL that is applied to every agent, in the order of the'
  ' column registered. What an agent has of it is not changed; what failed for others may be replaced for these.';
comment on column agent_templates.names is 'The placeholders in it: {name} stands for the agent''s own {prefix}_name.';
comment on column agent_templates.tables is 'Those of names that are tables which it makes.';
comment on column agent_templates.replaced is 'Checksums of the texts that it had before, which some agents may have.';

create table if not exists agent_versions (
  agent_id bigint not null,
  extension text not null,
  version bigint not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  duration_ms bigint not null,
  constraint agent_versions_pkey primary key (agent_id, extension, version)
);
comment on table agent_versions is 'The ledger: which version of which extension each agent has. Kept by'
  ' migrate_agent() and remove_agent_tables().';

create table if not exists agent_failures (
  agent_id bigint not null,
  sqlstate text not null,
  message text not null,
  failed_at timestamp with time zone not null default now(),
  constraint agent_failures_pkey primary key (agent_id)
);
comment on table agent_failures is 'Why an agent does not have all versions. Gone once it has.';

do $$
declare
  internal_table name;
begin
  foreach internal_table in array array['agent_templates', 'agent_versions', 'agent_failures'] loop
    if not (select relrowsecurity from pg_class where oid = internal_table::regclass::oid) then
      execute format('alter table %I enable row level security', internal_table);
    end if;
    if not exists (
      select from pg_policy
      where polrelid = internal_table::regclass::oid and polname = internal_table::text || '_select'
    ) then
      execute format('create policy %I on %I for select to service_role using (true)',
        internal_table || '_select', internal_table);
      execute format('comment on policy %I on %I is %L', internal_table || '_select', internal_table,
        'Backends may look; only the owner''s functions and migrations write.');
    end if;
  end loop;
end
$$;
revoke all on agent_templates, agent_versions, agent_failures from public, anon, authenticated, service_role;
revoke all on sequence agent_templates_registered_seq from public, anon, authenticated, service_role;
grant select on agent_templates, agent_versions, agent_failures to service_role;

-- One function, with migration_key() and the loop of render_template() written out: each call of a function that sets its
-- own search_path costs two percent of a whole migration.
-- Before it could say which version failed.
drop function if exists migrate_agent(bigint, text, text);
create or replace function migrate_agent(
  agent_id bigint,
  prefix text,
  only_extension text default null,
  is_named boolean default false
)
returns integer
language plpgsql
set search_path from current
-- What a template means must not hang on who makes an agent.
set standard_conforming_strings = on
set backslash_quote = safe_encoding
set quote_all_identifiers = off
set transform_null_equals = off
set array_nulls = on
set datestyle = 'iso, mdy'
set intervalstyle = postgres
set timezone = 'UTC'
set bytea_output = hex
set extra_float_digits = 1
set xmloption = content
set check_function_bodies = on
as $$
declare
  path text := pg_catalog.current_setting('search_path');
  -- Where agents is: the second schema of this function's own path. What an application's SQL makes, it makes there.
  home_path text := pg_catalog.format('%I, pg_temp', (pg_catalog.current_schemas(false))[2]);
  present bigint[];
  has_failed boolean;
  missing agent_templates;
  started timestamp with time zone;
  commands text;
  suffix text;
  applied integer := 0;
  error_message text;
  error_detail text;
begin
  -- Before the agent is looked for. Others that migrate or repair it take this lock, and whoever removes it.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('migration of ' || prefix, 'agents'::regclass::oid::bigint));

  -- One look into the ledger, and not one for each version. NOT IN takes longer to set up than this takes in all, and with
  -- text instead of hashes a hundred versions take twice as long. Two of a thousand versions have equal hashes with a
  -- probability of 3 in 10^14; outdated_agents() would go on naming the agent then.
  select
    array(select pg_catalog.hashtextextended(v.extension, v.version) from agent_versions v where v.agent_id = migrate_agent.agent_id),
    exists (select from agent_failures f where f.agent_id = migrate_agent.agent_id)
  into present, has_failed;

  -- A deleted agent has no entries in the ledger and in agent_tables: they went with its tables. agents is read only for
  -- one without any: each session that reads it loads its triggers first, which are two for each agent, by the foreign
  -- key of its customers table.
  if pg_catalog.cardinality(present) = 0 then
    if not exists (select from agent_tables t where t.agent_id = migrate_agent.agent_id) then
      if not exists (select from agents a where a.id = migrate_agent.agent_id and a.agent_prefix::text = prefix) then
        return null;
      end if;
    end if;
  end if;

  for missing in
    select t.*
    from agent_templates t
    where pg_catalog.hashtextextended(t.extension, t.version) <> all (present)
      and (only_extension is null or t.extension = only_extension)
    order by t.registered
  loop
    started := clock_timestamp();
    foreach suffix in array missing.tables loop
      -- In the other schemas of the path, too: what follows would find, secure and one day drop that one. Of an agent
      -- with the prefix agent, the table templates is called agent_templates.
      if pg_catalog.to_regclass(pg_catalog.format('%I', prefix || '_' || suffix)) is not null then
        raise exception 'extension % would need a name that is taken: %', missing.extension, prefix || '_' || suffix
          using errcode = 'duplicate_table',
            hint = 'Rename what holds it. If that is the library or the server, rename the table of the extension.';
      end if;
    end loop;

    commands := missing.template;
    foreach suffix in array missing.names loop
      commands := pg_catalog.replace(commands, pg_catalog.format('{%s}', suffix), pg_catalog.format('%I', prefix || '_' || suffix));
    end loop;
    commands := pg_catalog.replace(commands, '{agent_id}', agent_id::text);
    commands := pg_catalog.replace(commands, '{agent_prefix}', pg_catalog.format('%L', prefix));
    commands := pg_catalog.replace(commands, '{crm}', pg_catalog.quote_ident(current_schema()));

    -- An application's SQL finds its own functions, too; the library's own changes call functions of this schema.
    if missing.extension <> 'crm' then
      home_path := pg_catalog.set_config('search_path', home_path, true);
    end if;
    if is_named then
      begin
        execute commands;
      exception
        when others then
          get stacked diagnostics error_message = message_text, error_detail = pg_exception_detail;
          raise exception using
            errcode = sqlstate,
            message = pg_catalog.format('extension %s, %s: %s', missing.extension, missing.file, error_message),
            detail = error_detail,
            hint = 'Mend what it needs; or withdraw or replace this version, by AgentMigrations or crm-cli.';
      end;
    else
      execute commands;
    end if;
    path := pg_catalog.set_config('search_path', path, true);
    foreach suffix in array missing.tables loop
      perform secure_extension_table(prefix || '_' || suffix, agent_id);
    end loop;

    insert into agent_versions (agent_id, extension, version, checksum, duration_ms)
    values (
      migrate_agent.agent_id, missing.extension, missing.version, missing.checksum,
      pg_catalog.date_part('epoch', clock_timestamp() - started) * 1000 -- extract() is numeric, and slower
    );
    applied := applied + 1;
  end loop;
  if has_failed then
    delete from agent_failures f where f.agent_id = migrate_agent.agent_id;
  end if;
  return applied;
end
$$;
comment on function migrate_agent(bigint, text, text, boolean) is 'Gives an agent what it misses of all extensions, or of'
  ' one; tells how many versions that were, or null if the agent was deleted meanwhile. An error begins with extension and'
  ' file if is_named, which takes a subtransaction for each version. To be called with a short lock_timeout, because the'
  ' agent''s own statements queue behind it.';

create or replace function secure_extension_table(table_name text, agent_id bigint) returns void
language plpgsql
set search_path from current
as $$
declare
  relation oid := pg_catalog.quote_ident(table_name)::regclass::oid;
  column_name name;
begin
  perform secure_agent_table(table_name, agent_id, null, array(
    select s.relname
    from pg_depend d
    join pg_class s on s.oid = d.objid and s.relkind = 'S'
    where d.classid = 'pg_class'::regclass::oid and d.refclassid = 'pg_class'::regclass::oid and d.refobjid = relation
      and d.deptype in ('a', 'i')
  ));
  -- Without an index, each deletion of a row that is referred to reads the whole table. The first column is enough.
  for column_name in
    select distinct a.attname
    from pg_constraint f
    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
    where f.conrelid = relation and f.contype = 'f'
      and not exists (
        select from pg_index i where i.indrelid = relation and i.indpred is null and i.indkey[0] = f.conkey[1]
      )
    order by a.attname
  loop
    execute pg_catalog.format('create index on %I (%I)', table_name, column_name);
  end loop;
end
$$;
comment on function secure_extension_table(text, bigint) is 'Gives a table that an extension has made the row level'
  ' security and privileges of the agent''s other tables, and indexes for its foreign keys.';

create or replace function outdated_agents(only_extension text default null)
returns table (id bigint, agent_prefix text, missing bigint)
language plpgsql
stable
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  -- By counting, because that has only good plans: of a ledger that was never analysed, the planner would compare each
  -- entry with each agent and version.
  select a.id, a.agent_prefix::text, registered.versions - coalesce(present.versions, 0)
  from agents a
  cross join (
    select count(*) as versions from agent_templates t where only_extension is null or t.extension = only_extension
  ) as registered
  left join (
    select v.agent_id, count(*) as versions
    from agent_versions v
    join agent_templates t on t.extension = v.extension and t.version = v.version
    where only_extension is null or t.extension = only_extension
    group by v.agent_id
  ) as present on present.agent_id = a.id
  where coalesce(present.versions, 0) < registered.versions
  order by a.id;
end
$$;
comment on function outdated_agents(text) is 'The agents that miss versions of extensions, of all or of the one given,'
  ' and how many. Runs as the owner, because a member of service_role may not see all agents; it may ask this.';

create or replace function record_agent_failure(agent_id bigint, prefix text, sqlstate text, message text) returns void
language plpgsql
set search_path from current
as $$
begin
  -- Whoever has this lock removes the agent, or migrates it and will tell how that went.
  if not pg_catalog.pg_try_advisory_xact_lock(migration_key(prefix)) then
    return;
  end if;
  insert into agent_failures as f (agent_id, sqlstate, message)
  select a.id, record_agent_failure.sqlstate, record_agent_failure.message
  from agents a
  where a.id = record_agent_failure.agent_id
    and a.agent_prefix::text = prefix
    and exists (
      select from agent_templates t
      where not exists (
        select from agent_versions v
        where v.agent_id = a.id and v.extension = t.extension and v.version = t.version
      )
    )
  on conflict on constraint agent_failures_pkey
    do update set sqlstate = excluded.sqlstate, message = excluded.message, failed_at = excluded.failed_at;
end
$$;
comment on function record_agent_failure(bigint, text, text, text) is 'Keeps why migrate_agent() failed, unless the agent'
  ' was deleted or has all versions by now.';

create or replace function render_template(agent_id bigint, prefix text, template agent_templates) returns text
language plpgsql
stable
set search_path from current
as $$
declare
  commands text := template.template;
  suffix text;
begin
  foreach suffix in array template.names loop
    commands := pg_catalog.replace(commands, pg_catalog.format('{%s}', suffix), pg_catalog.format('%I', prefix || '_' || suffix));
  end loop;
  commands := pg_catalog.replace(commands, '{agent_id}', agent_id::text);
  commands := pg_catalog.replace(commands, '{agent_prefix}', pg_catalog.format('%L', prefix));
  return pg_catalog.replace(commands, '{crm}', pg_catalog.quote_ident(current_schema()));
end
$$;
comment on function render_template(bigint, text, agent_templates) is 'The SQL of a version of an extension for one'
  ' agent.';

-- The library's own changes to tables of agents that are older than them, one version each, as the extension crm. An
-- agent of today has them from create_agent_tables(). A version that was released never changes.
insert into agent_templates (extension, version, file, checksum, template, names, tables)
select 'crm', own.version, own.file, encode(sha256(convert_to(own.template, 'UTF8')), 'hex'), own.template, own.names, '{}'
from (
  values (1, 'migrations/003_add_total_amount_to_orders.sql', array['orders', 'orders_items'], $template$
-- Writers of items are waited for: a change that is not yet committed would be missing in the totals.
lock table {orders_items} in share row exclusive mode;
alter table {orders} add column if not exists total_amount decimal(10, 2) default 0;
update {orders} o
set total_amount = i.total
from (select order_id, sum(total) as total from {orders_items} group by order_id) i
where i.order_id = o.id;
select create_order_totals({agent_prefix});
$template$)
) as own (version, file, names, template)
where not exists (select from agent_templates t where t.extension = 'crm' and t.version = own.version);

create or replace function record_order_totals() returns void
language plpgsql
set search_path from current
as $$
begin
  insert into agent_versions (agent_id, extension, version, checksum, duration_ms)
  select a.id, t.extension, t.version, t.checksum, 0
  from agents a
  join pg_class c on c.relname = a.agent_prefix::text || '_orders'
    and c.relnamespace = (select r.relnamespace from pg_class r where r.oid = 'agents'::regclass::oid)
  join pg_attribute m on m.attrelid = c.oid and m.attname = 'total_amount' and not m.attisdropped
  join pg_trigger g on g.tgrelid = c.oid and g.tgname = 'keep_order'
  join agent_templates t on t.extension = 'crm' and t.version = 1
  on conflict on constraint agent_versions_pkey do nothing;
end
$$;
comment on function record_order_totals() is 'Enters into the ledger which agents have order totals already: from'
  ' migration 003, run by psql.';

revoke all on function migrate_agent(bigint, text, text, boolean), secure_extension_table(text, bigint), outdated_agents(text),
  record_agent_failure(bigint, text, text, text), render_template(bigint, text, agent_templates), record_order_totals()
  from public, anon, authenticated, service_role;
grant execute on function outdated_agents(text) to service_role;

do $$
declare
  damaged record;
begin
  perform record_order_totals();

  -- As at the end of dynamic_table_creation.sql.
  for damaged in
    select a.id, c.relname
    from agents a
    join agent_versions v on v.agent_id = a.id
    join agent_templates t on t.extension = v.extension and t.version = v.version
    cross join lateral unnest(t.tables) as made (suffix)
    join pg_class c on c.relname = a.agent_prefix::text || '_' || made.suffix and c.relkind in ('r', 'p')
      and c.relnamespace = (select r.relnamespace from pg_class r where r.oid = 'agents'::regclass::oid)
    left join pg_policy p on p.polrelid = c.oid and p.polname = c.relname::text || '_access'
    where p.oid is null or not has_table_privilege('authenticated', c.oid, 'select')
    order by a.id
  loop
    perform secure_extension_table(damaged.relname::text, damaged.id);
  end loop;

  -- Older installations gave a right on the sequences of identity columns, too, which inserting doesn't need.
  for damaged in
    select s.relname
    from agents a
    join agent_versions v on v.agent_id = a.id
    join agent_templates t on t.extension = v.extension and t.version = v.version
    cross join lateral unnest(t.tables) as made (suffix)
    join pg_class c on c.relname = a.agent_prefix::text || '_' || made.suffix
      and c.relnamespace = (select r.relnamespace from pg_class r where r.oid = 'agents'::regclass::oid)
    join pg_depend d on d.refobjid = c.oid and d.deptype = 'i'
      and d.classid = 'pg_class'::regclass::oid and d.refclassid = 'pg_class'::regclass::oid
    join pg_class s on s.oid = d.objid and s.relkind = 'S'
    where exists (
      select
      from aclexplode(s.relacl) p
      join pg_roles r on r.oid = p.grantee
      where r.rolname in ('authenticated', 'service_role') and p.grantee <> s.relowner
    )
    order by s.relname
  loop
    execute format('revoke all on sequence %I from authenticated, service_role', damaged.relname);
  end loop;
end
$$;

commit;
