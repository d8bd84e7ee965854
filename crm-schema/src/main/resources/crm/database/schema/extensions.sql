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
-- Of older installations: versions couldn't be replaced, and couldn't hold functions and privileges.
alter table agent_templates
  add column if not exists replaced text[] not null default '{}',
  add column if not exists functions text[] not null default '{}',
  add column if not exists privileges text[] not null default '{}',
  add column if not exists shared text[] not null default '{}',
  add column if not exists shared_functions text[] not null default '{}',
  add column if not exists indexes text[] not null default '{}',
  add column if not exists builds text[] not null default '{}';
comment on table agent_templates is 'Versions of extensions: SQL that is applied to every agent, in the order of the'
  ' column registered. What an agent has of it is not changed; what failed for others may be replaced for these.';
comment on column agent_templates.names is 'The placeholders in it: {name} stands for the agent''s own {prefix}_name.';
comment on column agent_templates.tables is 'Those of names that are tables which it makes.';
comment on column agent_templates.functions is 'Those of names that are functions, in this schema, which it makes for each'
  ' agent.';
comment on column agent_templates.privileges is 'Its GRANT and REVOKE once more: they are run again behind those of the library.';
comment on column agent_templates.shared is 'Statements that are run once, when it is registered: about functions that all'
  ' agents'' tables use.';
comment on column agent_templates.shared_functions is 'The names of those functions, which begin with that of the extension, behind'
  ' {api}. if they are beside the tables and not in this schema.';
comment on column agent_templates.indexes is 'Those of names that are indexes, if the version is nothing but a list of indexes.';
comment on column agent_templates.builds is 'The statements that make indexes beside writers, outside of a transaction.';
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
      execute pg_catalog.format('comment on policy %I on %I is %L', internal_table || '_select', internal_table,
        'Backends may look; only the owner''s functions and migrations write.');
    end if;
  end loop;
end
$$;
revoke all on agent_templates, agent_versions, agent_failures from public, anon, authenticated, service_role;
revoke all on sequence agent_templates_registered_seq from public, anon, authenticated, service_role;
grant select on agent_templates, agent_versions, agent_failures to service_role;

-- One function, with migration_key() and the loop of fill_in() written out: each call of a function that sets its
-- own search_path costs two percent of a whole migration.
-- Before it could say which version failed.
drop function if exists migrate_agent(bigint, text, text);
-- Before it could leave indexes to be built beside writers.
drop function if exists migrate_agent(bigint, text, text, boolean);
create or replace function migrate_agent(
  agent_id bigint,
  prefix text,
  only_extension text default null,
  is_named boolean default false,
  leaves_indexes boolean default false
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
    if pg_catalog.cardinality(missing.indexes) > 0 then
      -- What was registered later may need them, and waits.
      exit when leaves_indexes and has_rows(prefix, missing.names);
      perform drop_invalid_indexes(prefix, missing.indexes);
    end if;
    foreach suffix in array missing.tables loop
      -- In the other schemas of the path, too: what follows would find, secure and one day drop that one. Of an agent
      -- with the prefix agent, the table templates is called agent_templates.
      if pg_catalog.to_regclass(pg_catalog.format('%I', prefix || '_' || suffix)) is not null then
        raise exception 'extension % would need a name that is taken: %', missing.extension, prefix || '_' || suffix
          using errcode = 'duplicate_table',
            hint = 'Rename what holds it. If that is the library or the server, rename the table of the extension.';
      end if;
    end loop;
    if pg_catalog.cardinality(missing.functions) > 0 then
      perform drop_agent_functions(prefix, agent_id, missing.functions); -- what tables that were dropped by hand have left
      perform require_free_functions(missing.extension, prefix, missing.functions);
    end if;

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
    if pg_catalog.cardinality(missing.functions) > 0 then
      perform secure_agent_functions(prefix, agent_id, missing.functions);
    end if;
    if pg_catalog.cardinality(missing.privileges) > 0 then
      perform apply_privileges(agent_id, prefix, missing);
    end if;

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
comment on function migrate_agent(bigint, text, text, boolean, boolean) is 'Gives an agent what it misses of all extensions, or'
  ' of one; tells how many versions that were, or null if the agent was deleted meanwhile. An error begins with extension and'
  ' file if is_named, which takes a subtransaction for each version. Stops ahead of indexes of tables with rows if'
  ' leaves_indexes. To be called with a short lock_timeout, because the agent''s own statements queue behind it.';

create or replace function has_rows(prefix text, suffixes text[]) returns boolean
language plpgsql
set search_path from current
as $$
begin
  -- The size of an empty table may be more than nothing: then the index is built the long way.
  return exists (
    select
    from pg_catalog.unnest(suffixes) as s (suffix)
    join pg_class c on c.relname = (prefix || '_' || s.suffix)::name
      and c.relnamespace = (select a.relnamespace from pg_class a where a.oid = 'agents'::regclass::oid)
    where pg_catalog.pg_relation_size(c.oid::regclass) > 0
  );
end
$$;
comment on function has_rows(text, text[]) is 'Whether one of these tables of an agent has rows, by its size.';

create or replace function drop_invalid_indexes(prefix text, suffixes text[]) returns void
language plpgsql
set search_path from current
as $$
declare
  index_name name;
begin
  for index_name in
    select c.relname
    from pg_catalog.unnest(suffixes) as s (suffix)
    join pg_class c on c.relname = (prefix || '_' || s.suffix)::name
      and c.relnamespace = (select a.relnamespace from pg_class a where a.oid = 'agents'::regclass::oid)
    join pg_index i on i.indexrelid = c.oid and not i.indisvalid
  loop
    execute pg_catalog.format('drop index %I', index_name);
  end loop;
end
$$;
comment on function drop_invalid_indexes(text, text[]) is 'Drops what was left when building an index concurrently was cut off.';

create or replace function pending_builds(agent_id bigint, prefix text, only_extension text default null)
returns table (extension text, version bigint, home name, name name, is_valid boolean, statement text)
language plpgsql
stable
set search_path from current
as $$
#variable_conflict use_column
declare
  missing agent_templates;
  home_oid oid := (select a.relnamespace from pg_class a where a.oid = 'agents'::regclass::oid);
begin
  if not exists (select from agent_tables t where t.agent_id = pending_builds.agent_id) then
    return;
  end if;
  select t.*
  into missing
  from agent_templates t
  where (only_extension is null or t.extension = only_extension)
    and not exists (
      select
      from agent_versions v
      where v.agent_id = pending_builds.agent_id and v.extension = t.extension and v.version = t.version
    )
  order by t.registered
  limit 1;
  return query
  select
    missing.extension, missing.version, n.nspname, (prefix || '_' || b.suffix)::name,
    (
      select i.indisvalid
      from pg_class c
      join pg_index i on i.indexrelid = c.oid
      where c.relnamespace = home_oid and c.relname = (prefix || '_' || b.suffix)::name
    ),
    fill_in(agent_id, prefix, missing.names, b.statement)
  from rows from (pg_catalog.unnest(missing.indexes), pg_catalog.unnest(missing.builds)) with ordinality
    as b (suffix, statement, position)
  join pg_namespace n on n.oid = home_oid
  order by b.position;
end
$$;
comment on function pending_builds(bigint, text, text) is 'The indexes of the version that an agent lacks first, if that is a list of'
  ' indexes; is_valid is null of one that is not there, and false of one whose build was cut off.';

create or replace function enter_built_version(agent_id bigint, prefix text, extension text, version bigint, duration_ms bigint)
returns void
language plpgsql
set search_path from current
as $$
begin
  perform pg_catalog.pg_advisory_xact_lock(migration_key(prefix));
  insert into agent_versions (agent_id, extension, version, checksum, duration_ms)
  select t.agent_id, m.extension, m.version, m.checksum, enter_built_version.duration_ms
  from agent_templates m
  join agent_tables t on t.agent_id = enter_built_version.agent_id
  where m.extension = enter_built_version.extension and m.version = enter_built_version.version
  on conflict on constraint agent_versions_pkey do nothing;
  delete from agent_failures f where f.agent_id = enter_built_version.agent_id;
end
$$;
comment on function enter_built_version(bigint, text, text, bigint, bigint) is 'Enters into the ledger that an agent has the indexes'
  ' of a version, which were built outside of a transaction.';

create or replace function build_key() returns bigint
language plpgsql
stable
set search_path from current
as $$
begin
  return pg_catalog.hashtextextended('building indexes', pg_catalog.to_regclass('agents')::oid::bigint);
end
$$;
comment on function build_key() is 'Key of the advisory lock of whoever builds indexes concurrently: two would wait for each other.';

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

create or replace function require_free_functions(extension text, prefix text, suffixes text[]) returns void
language plpgsql
set search_path from current
as $$
declare
  taken name;
begin
  -- A function of the library's own may have the name: with the prefix touch, updated_at is one.
  select p.proname
  into taken
  from pg_catalog.unnest(suffixes) as s (suffix)
  join pg_proc p on p.proname = (prefix || '_' || s.suffix)::name
  join pg_namespace n on n.oid = p.pronamespace and n.nspname = current_schema()
  limit 1;
  if found then
    raise exception 'extension % would need the name of a function that is taken: %', extension, taken
      using errcode = 'duplicate_function', hint = 'Rename the function of the extension.';
  end if;
end
$$;
comment on function require_free_functions(text, text, text[]) is 'Raises if one of these functions of an agent is there, whoever'
  ' made it.';

create or replace function secure_agent_functions(prefix text, agent_id bigint, suffixes text[]) returns void
language plpgsql
set search_path from current
as $$
declare
  home name := (pg_catalog.current_schemas(false))[2];
  made record;
begin
  for made in
    select p.oid, p.oid::regprocedure as signature, pg_catalog.obj_description(p.oid, 'pg_proc') as description,
      exists (
        select from pg_catalog.unnest(p.proconfig) as c (setting) where pg_catalog.starts_with(c.setting, 'search_path=')
      ) as has_path
    from pg_catalog.unnest(suffixes) as s (suffix)
    join pg_proc p on p.proname = (prefix || '_' || s.suffix)::name
    join pg_namespace n on n.oid = p.pronamespace and n.nspname = current_schema()
    order by 2
  loop
    -- Triggers need no privilege, and all else goes through functions that check their caller.
    execute pg_catalog.format('revoke all on function %s from public, anon, authenticated, service_role', made.signature);
    if not made.has_path then
      execute pg_catalog.format('alter function %s set search_path to %I, pg_temp', made.signature, home);
    end if;
    execute pg_catalog.format('comment on function %s is %L', made.signature,
      pg_catalog.format('Function of agent %s.', agent_id) || coalesce(' ' || made.description, ''));
  end loop;
end
$$;
comment on function secure_agent_functions(text, bigint, text[]) is 'Takes the right to call an agent''s own functions from'
  ' everybody, gives those a search_path that have none, and says in their comments whose they are.';

create or replace function apply_privileges(agent_id bigint, prefix text, template agent_templates) returns void
language plpgsql
set search_path from current
as $$
declare
  path text := pg_catalog.current_setting('search_path');
  home_path text := pg_catalog.format('%I, pg_temp', (pg_catalog.current_schemas(false))[2]);
  statement text;
  commands text;
begin
  foreach statement in array template.privileges loop
    commands := fill_in(agent_id, prefix, template.names, statement);
    home_path := pg_catalog.set_config('search_path', home_path, true);
    begin
      execute commands;
    exception
      -- A later version has dropped it. This one has run the statement before.
      when undefined_table or undefined_column or undefined_function then null;
    end;
    path := pg_catalog.set_config('search_path', path, true);
  end loop;
end
$$;
comment on function apply_privileges(bigint, text, agent_templates) is 'Runs the GRANT and REVOKE of a version for one agent.';

create or replace function restore_privileges(agent_id bigint, prefix text) returns void
language plpgsql
set search_path from current
as $$
declare
  template agent_templates;
begin
  for template in
    select t.*
    from agent_versions v
    join agent_templates t on t.extension = v.extension and t.version = v.version
      and pg_catalog.cardinality(t.privileges) > 0
    where v.agent_id = restore_privileges.agent_id and v.checksum = any (pg_catalog.array_append(t.replaced, t.checksum))
    order by t.registered
  loop
    perform apply_privileges(agent_id, prefix, template);
  end loop;
end
$$;
comment on function restore_privileges(bigint, text) is 'Gives an agent''s tables the privileges that extensions say, after they'
  ' were given those of all agents'' tables.';

create or replace function shared_functions_of(names text[]) returns setof oid
language plpgsql
stable
set search_path from current
as $$
begin
  return query
  select p.oid
  from pg_catalog.unnest(names) as s (name)
  join pg_proc p on p.proname = pg_catalog.regexp_replace(s.name, '^[{]api[}][.]', '')::name
  join pg_namespace n on n.oid = p.pronamespace
    and n.nspname = (pg_catalog.current_schemas(false))[case when pg_catalog.starts_with(s.name, '{api}.') then 2 else 1 end];
end
$$;
comment on function shared_functions_of(text[]) is 'The functions with these names, as agent_templates.shared_functions has them.';

create or replace function share_functions(extension text, version bigint) returns void
language plpgsql
set search_path from current
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
as $$
declare
  path text := pg_catalog.current_setting('search_path');
  home_path text := pg_catalog.format('%I, pg_temp', (pg_catalog.current_schemas(false))[2]);
  own_schema name := current_schema();
  home name := (pg_catalog.current_schemas(false))[2];
  mark text := pg_catalog.format('Function of extension %s.', extension);
  template agent_templates;
  statement text;
  present oid[];
  made record;
begin
  select t.* into template from agent_templates t
  where t.extension = share_functions.extension and t.version = share_functions.version;
  for made in
    select p.proname, p.oid
    from shared_functions_of(template.shared_functions) as s (oid)
    join pg_proc p on p.oid = s.oid
  loop
    if not pg_catalog.starts_with(coalesce(pg_catalog.obj_description(made.oid, 'pg_proc'), ''), mark) then
      raise exception 'extension % would replace a function that is not its own: %', extension, made.proname
        using errcode = 'duplicate_function', hint = 'Rename the function of the extension.';
    end if;
    present := pg_catalog.array_append(present, made.oid);
  end loop;
  foreach statement in array template.shared loop
    home_path := pg_catalog.set_config('search_path', home_path, true);
    execute pg_catalog.replace(
      pg_catalog.replace(statement, '{crm}', pg_catalog.quote_ident(own_schema)), '{api}', pg_catalog.quote_ident(home));
    path := pg_catalog.set_config('search_path', path, true);
    for made in
      select p.oid, p.oid::regprocedure as signature,
        exists (
          select from pg_catalog.unnest(p.proconfig) as c (setting) where pg_catalog.starts_with(c.setting, 'search_path=')
        ) as has_path
      from shared_functions_of(template.shared_functions) as s (oid)
      join pg_proc p on p.oid = s.oid
    loop
      -- Once; a newer text leaves the privileges as they are.
      if made.oid <> all (coalesce(present, '{}')) then
        execute pg_catalog.format('revoke all on function %s from public, anon, authenticated, service_role', made.signature);
        execute pg_catalog.format('comment on function %s is %L', made.signature, mark);
        present := pg_catalog.array_append(present, made.oid);
      end if;
      if not made.has_path then
        execute pg_catalog.format('alter function %s set search_path to %I, %I, pg_temp', made.signature, own_schema, home);
      end if;
    end loop;
  end loop;
end
$$;
comment on function share_functions(text, bigint) is 'Makes or replaces the functions that all agents share, as a version of an'
  ' extension says. Nobody may call a new one unless the version grants it; each has a search_path.';

create or replace function register_version(
  extension text,
  version bigint,
  file text,
  checksum text,
  template text,
  names text[],
  tables text[],
  functions text[],
  shared_functions text[],
  indexes text[],
  privileges text[],
  shared text[],
  builds text[]
)
returns boolean
language plpgsql
set search_path from current
as $$
declare
  present agent_templates;
begin
  select t.* into present from agent_templates t
  where t.extension = register_version.extension and t.version = register_version.version;
  if not found then
    insert into agent_templates (
      extension, version, file, checksum, template, names, tables, functions, shared_functions, indexes, privileges, shared,
      builds
    )
    values (
      register_version.extension, register_version.version, register_version.file, register_version.checksum,
      register_version.template, register_version.names, register_version.tables, register_version.functions,
      register_version.shared_functions, register_version.indexes, register_version.privileges, register_version.shared,
      register_version.builds
    );
    perform share_functions(extension, version);
    return true;
  end if;
  if register_version.checksum <> all (pg_catalog.array_append(present.replaced, present.checksum)) then
    raise exception 'version % of extension % is registered with another text', version, extension
      using errcode = 'duplicate_object', hint = 'Make what is to change a new version.';
  end if;
  return false;
end
$$;
comment on function register_version(text, bigint, text, text, text, text[], text[], text[], text[], text[], text[], text[],
  text[]) is 'Makes a version of an extension known, so that agents that are made from now on get it, and makes the functions that'
  ' all agents share. Tells whether it was new; raises if it has another text. To be called behind enter_provisioning().';

create or replace function revert_shared_functions(extension text) returns void
language plpgsql
set search_path from current
as $$
declare
  signature regprocedure;
  version bigint;
begin
  for signature in
    select p.oid::regprocedure
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace and n.nspname = any ((pg_catalog.current_schemas(false))[1:2])
    where pg_catalog.starts_with(
        pg_catalog.obj_description(p.oid, 'pg_proc'), pg_catalog.format('Function of extension %s.', extension))
      and not exists (
        select from agent_templates t
        cross join lateral shared_functions_of(t.shared_functions) as s (oid)
        where t.extension = revert_shared_functions.extension and s.oid = p.oid
      )
  loop
    execute pg_catalog.format('drop function %s', signature);
  end loop;
  for version in
    select t.version
    from agent_templates t
    where t.extension = revert_shared_functions.extension and pg_catalog.cardinality(t.shared) > 0
    order by t.version
  loop
    perform share_functions(extension, version);
  end loop;
end
$$;
comment on function revert_shared_functions(text) is 'Makes the functions that all agents share as the versions say that are left,'
  ' after one was withdrawn.';

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

create or replace function fill_in(agent_id bigint, prefix text, names text[], commands text) returns text
language plpgsql
stable
set search_path from current
as $$
declare
  suffix text;
begin
  foreach suffix in array names loop
    commands := pg_catalog.replace(commands, pg_catalog.format('{%s}', suffix), pg_catalog.format('%I', prefix || '_' || suffix));
  end loop;
  commands := pg_catalog.replace(commands, '{agent_id}', agent_id::text);
  commands := pg_catalog.replace(commands, '{agent_prefix}', pg_catalog.format('%L', prefix));
  return pg_catalog.replace(commands, '{crm}', pg_catalog.quote_ident(current_schema()));
end
$$;
comment on function fill_in(bigint, text, text[], text) is 'SQL for one agent, from SQL with placeholders.';

create or replace function render_template(agent_id bigint, prefix text, template agent_templates) returns text
language plpgsql
stable
set search_path from current
as $$
begin
  return fill_in(agent_id, prefix, template.names, template.template);
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

revoke all on function migrate_agent(bigint, text, text, boolean, boolean), has_rows(text, text[]),
  drop_invalid_indexes(text, text[]), pending_builds(bigint, text, text), build_key(),
  enter_built_version(bigint, text, text, bigint, bigint), secure_extension_table(text, bigint), outdated_agents(text),
  record_agent_failure(bigint, text, text, text), render_template(bigint, text, agent_templates), record_order_totals(),
  fill_in(bigint, text, text[], text), require_free_functions(text, text, text[]),
  secure_agent_functions(text, bigint, text[]), apply_privileges(bigint, text, agent_templates),
  restore_privileges(bigint, text), share_functions(text, bigint), shared_functions_of(text[]), revert_shared_functions(text),
  register_version(text, bigint, text, text, text, text[], text[], text[], text[], text[], text[], text[], text[])
  from public, anon, authenticated, service_role;
grant execute on function outdated_agents(text) to service_role;

do $$
declare
  damaged record;
begin
  perform record_order_totals();

  -- As at the end of dynamic_table_creation.sql.
  for damaged in
    select a.id, a.agent_prefix::text as agent_prefix, c.relname
    from agents a
    join agent_versions v on v.agent_id = a.id
    join agent_templates t on t.extension = v.extension and t.version = v.version
    cross join lateral unnest(t.tables) as made (suffix)
    join pg_class c on c.relname = a.agent_prefix::text || '_' || made.suffix and c.relkind in ('r', 'p')
      and c.relnamespace = (select r.relnamespace from pg_class r where r.oid = 'agents'::regclass::oid)
    left join pg_policy p on p.polrelid = c.oid and p.polname = c.relname::text || '_access'
    where p.oid is null
      or not pg_catalog.has_table_privilege('authenticated', c.oid, 'select')
      -- Unless an extension has taken it away.
      and not exists (
        select from agent_templates n
        where n.extension = t.extension and pg_catalog.cardinality(n.privileges) > 0 and made.suffix = any (n.names)
          and c.relacl is not null
      )
    order by a.id
  loop
    perform secure_extension_table(damaged.relname::text, damaged.id);
    perform restore_privileges(damaged.id, damaged.agent_prefix);
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
