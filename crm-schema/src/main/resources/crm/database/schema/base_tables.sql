begin;
-- Base tables, who may see and change them, and the checks that all policies share.
--
-- Run by psql into the current schema, after enums.sql. Run again, it changes nothing and locks nothing for long.
-- What the specification does not name lives in a second schema, crm_private (<schema>_private elsewhere).

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

-- A host's own table of one of these names must not be adopted.
do $$
declare
  foreign_table text;
begin
  select t.name
  into foreign_table
  from (
    values
      ('users', array['id:uuid', 'name:varchar', 'email:varchar', 'role:role', 'created_at:timestamptz']),
      ('agents', array['id:int8', 'agent_prefix:varchar', 'created_at:timestamptz', 'user_id:uuid', 'created_by:uuid']),
      -- As migration 001 makes it.
      ('whatsapp_configuration', array['id:int8', 'user_id:uuid', 'whatsapp_number:varchar', 'webhook_url:text',
        'api_key:text', 'business_account_id:varchar', 'phone_number_id:varchar', 'is_active:bool',
        'created_at:timestamptz', 'updated_at:timestamptz'])
  ) as t (name, columns)
  where to_regclass(format('%I.%I', current_schema(), t.name)) is not null
    and not t.columns operator(pg_catalog.<@) (
      select array_agg(format('%s:%s', a.attname, y.typname))
      from pg_attribute a
      join pg_type y on y.oid = a.atttypid
      where a.attrelid = to_regclass(format('%I.%I', current_schema(), t.name))::oid and a.attnum > 0 and not a.attisdropped
    )
  limit 1;
  if found then
    raise exception 'schema % holds another table named %', current_schema(), foreign_table
      using errcode = 'duplicate_table',
        hint = 'Install into a schema of its own: create schema crm; set search_path = crm; and run all files again.';
  end if;
end
$$;

-- Functions that run with their owner's rights look into this schema, so only its owner may create objects in it
-- (a database that began on PostgreSQL 14 lets everybody create them in public).
do $$
declare
  schema_owner oid;
  open_to_all boolean;
begin
  select n.nspowner, exists (
    select from aclexplode(n.nspacl) acl where acl.grantee = 0::oid and acl.privilege_type = 'CREATE'
  )
  into schema_owner, open_to_all
  from pg_namespace n
  where n.nspname = current_schema();
  if open_to_all and pg_has_role(schema_owner, 'usage') then
    execute format('revoke create on schema %I from public', current_schema());
  elsif open_to_all then
    raise warning 'everybody may create objects in schema %, where the functions of the CRM look for theirs',
      current_schema()
      using hint = format('Have its owner run: revoke create on schema %I from public;', current_schema());
  end if;
  if not has_schema_privilege('authenticated', current_schema(), 'usage') then
    execute format('grant usage on schema %I to authenticated', current_schema());
  end if;
  if not has_schema_privilege('service_role', current_schema(), 'usage') then
    execute format('grant usage on schema %I to service_role', current_schema());
  end if;
end
$$;

-- Whoever owns a schema replaces what is in it. A superuser passes for a member of every role, so memberships are followed
-- here; and only an administrator can have made a role named as Supabase's are.
do $$
declare
  private_schema text := case current_schema() when 'public' then 'crm_private' else current_schema()::text || '_private' end;
  squatted text;
  squatter text;
begin
  with recursive own_role as (
    select r.oid from pg_roles r where r.rolname = current_user
    union
    select m.roleid from own_role o join pg_auth_members m on m.member = o.oid
  )
  select n.nspname, r.rolname
  into squatted, squatter
  from pg_namespace n
  join pg_roles r on r.oid = n.nspowner
  where n.nspname::text in (private_schema, 'auth')
    and not r.rolsuper
    and n.nspowner not in (select o.oid from own_role o)
    and n.nspowner <> coalesce((select c.relowner from pg_class c where c.oid = to_regclass('agents')::oid), 0::oid)
    and not (n.nspname = 'auth' and r.rolname in ('supabase_admin', 'supabase_auth_admin'))
  limit 1;
  if found then
    raise exception 'schema % belongs to %, who could replace what the functions of the CRM rely on', squatted, squatter
      using errcode = 'insufficient_privilege',
        hint = format('Look what is in it; then drop it, or have a superuser run: alter schema %I owner to %I; and the same'
          ' for all that is in it.', squatted, current_user);
  end if;
end
$$;

do $$
declare
  private_schema text := case current_schema() when 'public' then 'crm_private' else current_schema()::text || '_private' end;
begin
  -- public and a schema named crm would share one: the functions there look into one schema only.
  if exists (
    select from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = private_schema
      and p.proname = 'is_admin'
      and p.proconfig is not null
      -- Made while quote_all_identifiers was on, names have quotes that they don't need.
      and not exists (
        select
        from unnest(p.proconfig) as c (setting)
        where replace(c.setting, '"', '') = replace('search_path=' || current_setting('crm.private_path'), '"', '')
      )
  ) then
    raise exception 'schema % serves an installation in another schema than %', private_schema, current_schema()
      using errcode = 'duplicate_schema', hint = 'Install into a schema of another name.';
  end if;
  if to_regnamespace(quote_ident(private_schema)) is null then
    execute format('create schema %I', private_schema);
  end if;
  execute format('revoke all on schema %I from public, anon, authenticated, service_role', private_schema);
  -- The policies call functions of this schema as the user who runs the statement.
  execute format('grant usage on schema %I to authenticated, service_role', private_schema);
  execute format('comment on schema %I is %L', private_schema,
    'Internals of the CRM in schema ' || current_schema()::text || '. Not an API; not to be exposed.');
end
$$;

create table if not exists users (
  id uuid default gen_random_uuid(),
  name varchar(255) not null,
  email varchar(255) not null,
  role role not null,
  created_at timestamptz default current_timestamp,
  constraint users_pkey primary key (id),
  constraint users_email_key unique (email)
);

create table if not exists agents (
  id bigserial,
  agent_prefix varchar(20) not null,
  created_at timestamptz default current_timestamp,
  user_id uuid,
  created_by uuid not null,
  constraint agents_pkey primary key (id),
  constraint agents_agent_prefix_key unique (agent_prefix),
  constraint agents_agent_prefix_check check (agent_prefix::text ~ '^[a-z][a-z0-9_]{0,19}$'),
  constraint agents_user_id_fkey foreign key (user_id) references users (id) on delete set null,
  -- Both as specified: together they mean that a user who created agents can't be deleted.
  constraint agents_created_by_fkey foreign key (created_by) references users (id) on delete set null
);

create table if not exists whatsapp_configuration (
  id bigserial,
  user_id uuid not null,
  whatsapp_number varchar(20) not null,
  webhook_url text not null,
  api_key text,
  business_account_id varchar(100),
  phone_number_id varchar(100),
  is_active boolean default true,
  created_at timestamptz default current_timestamp,
  updated_at timestamptz default current_timestamp,
  verify_token text,
  constraint whatsapp_configuration_pkey primary key (id),
  constraint whatsapp_configuration_user_id_key unique (user_id),
  constraint whatsapp_configuration_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);
-- For a table made by migration 001 on which 002 has not run yet.
do $$
begin
  -- To add it if not exists would lock the table even if it does.
  if not exists (
    select from pg_attribute c
    where c.attrelid = 'whatsapp_configuration'::regclass::oid and c.attname = 'verify_token' and not c.attisdropped
  ) then
    alter table whatsapp_configuration add column verify_token text;
  end if;
end
$$;

-- In older installations several configurations could have one phone_number_id; later ones had a constraint, by which a
-- number of a user without an agent could not become an agent's. Whose a number is, agent_numbers says.
do $$
declare
  private_schema text := case current_schema() when 'public' then 'crm_private' else current_schema()::text || '_private' end;
  shared record;
begin
  if exists (
    select from pg_constraint
    where conrelid = 'whatsapp_configuration'::regclass::oid and conname = 'whatsapp_configuration_phone_number_id_key'
  ) then
    alter table whatsapp_configuration drop constraint whatsapp_configuration_phone_number_id_key;
  end if;
  if to_regclass(format('%I.agent_numbers', private_schema)) is not null then
    return;
  end if;
  lock table whatsapp_configuration in share row exclusive mode;
  update whatsapp_configuration set phone_number_id = null where phone_number_id::text = '';
  for shared in
    select c.phone_number_id, array_agg(c.user_id order by c.is_active is true desc, c.created_at, c.id) as holders
    from whatsapp_configuration c
    where c.phone_number_id is not null
    group by c.phone_number_id
    having count(*) > 1
  loop
    update whatsapp_configuration c
    set phone_number_id = null
    where c.phone_number_id::text = shared.phone_number_id::text and c.user_id <> shared.holders[1];
    raise warning 'several WhatsApp configurations had one phone_number_id: user % keeps it, whose is the oldest active'
      ' one; those of users % have none now', shared.holders[1], array_to_string(shared.holders[2:], ', ')
      using hint = 'If it is another user''s, take it from the one and give it to the other by update_whatsapp_config().';
  end loop;
  drop index if exists whatsapp_configuration_phone_number_id_idx;
end
$$;

-- The bounds that the functions have. A row of an older installation that is beyond them must stay changeable, if only to be
-- deactivated, so they wait until it is mended. A token that is too long has never answered a handshake.
do $$
declare
  rule record;
  beyond uuid[];
begin
  for rule in
    select r.name, r.condition
    from (
      values
        ('whatsapp_number', $c$btrim(whatsapp_number) <> ''$c$),
        ('webhook_url', $c$btrim(webhook_url) <> '' and length(webhook_url) <= 2000$c$),
        ('api_key', $c$length(api_key) <= 4000$c$),
        ('verify_token', $c$length(verify_token) <= 1000$c$)
    ) as r (name, condition)
    where not exists (
      select from pg_constraint
      where conrelid = 'whatsapp_configuration'::regclass::oid and conname = format('whatsapp_configuration_%s_check', r.name)
    )
  loop
    lock table whatsapp_configuration in access exclusive mode; -- adding a constraint takes it anyway
    update whatsapp_configuration set verify_token = null where rule.name = 'verify_token' and length(verify_token) > 1000;
    execute format('select array_agg(user_id order by id) from whatsapp_configuration where not (%s)', rule.condition)
    into beyond;
    if beyond is null then
      execute format('alter table whatsapp_configuration add constraint %I check (%s)',
        format('whatsapp_configuration_%s_check', rule.name), rule.condition);
    else
      raise warning 'the % of the WhatsApp configurations of users % is empty or too long, so its bound is not kept yet',
        rule.name, array_to_string(beyond, ', ')
        using hint = 'Change these by update_whatsapp_config(), and run this file again.';
    end if;
  end loop;
end
$$;

comment on table users is 'Application users, aligned with Supabase Auth: id is the id in auth.users.';
comment on column users.role is 'admin: full access. agent: own data. Access rules read this column, never a JWT.';
comment on table agents is 'Agents. Each row has four tables of its own, named by its prefix: {prefix}_customers,'
  ' {prefix}_messages, {prefix}_orders, {prefix}_orders_items.';
comment on column agents.agent_prefix is 'First part of the names of the agent''s tables, for example agt_6f78. Immutable.';
comment on column agents.user_id is 'The one user whose agent this is; null once that user is deleted. Changed by admins and'
  ' backends only. Others are its members.';
comment on column agents.created_by is 'The user who made the agent. Immutable; that user can''t be deleted.';
comment on table whatsapp_configuration is 'WhatsApp settings, one row per user.';
comment on column whatsapp_configuration.api_key is 'Secret. Read it through get_whatsapp_config(): authenticated has'
  ' no SELECT privilege on this column.';
comment on column whatsapp_configuration.verify_token is 'Secret of the webhook handshake. Read it through'
  ' get_whatsapp_config(): authenticated has no SELECT privilege on this column.';
comment on column whatsapp_configuration.phone_number_id is 'What callbacks name their receiver by: of the user''s own, first'
  ' number. agent_numbers says whether it is the agent''s, and which others are.';
comment on column whatsapp_configuration.is_active is 'False once the configuration or its agent was deleted.';

-- To the end of the file: a function of the host in this schema may have the same name as one of ours.
do $$
begin
  perform set_config('search_path', current_setting('crm.private_path'), true);
  -- Whoever signed up before gets a row then, and only then.
  perform set_config('crm.is_new', (to_regprocedure('sync_user_from_auth()') is null)::text, true);
end
$$;

-- Checks that the policies call. They run with the rights of the user who asks, so they reveal nothing more.

-- What one role may do without taking on another, or by taking it on. A membership that gives neither right counts for
-- nothing; before PostgreSQL 16 each membership lets SET ROLE, and there is no privilege of that name.
create or replace function is_trusted(acting_role name) returns boolean
language plpgsql
stable
set search_path from current
as $$
declare
  ways constant text :=
    case when pg_catalog.current_setting('server_version_num')::integer >= 160000 then 'usage, set' else 'member' end;
begin
  return acting_role not in ('anon', 'authenticated')
    and (
      pg_catalog.pg_has_role(acting_role, 'service_role', ways)
      or pg_catalog.pg_has_role(
        acting_role, (select c.relowner from pg_class c where c.oid = pg_catalog.to_regclass('agents')::oid), ways)
    );
end
$$;
comment on function is_trusted(name) is 'Whether the role is service_role or the owner, or may act as one of them.';

create or replace function is_admin() returns boolean
language plpgsql
stable
set search_path from current
as $$
begin
  return exists (select from users u where u.id = auth.uid() and u.role::text = 'admin');
end
$$;
comment on function is_admin() is 'Whether users.role of the current user (JWT claim sub) is admin.';

-- Who besides its own user works with an agent. There is no foreign key to agents: deleting an agent would run it. What
-- deletes agents removes these rows.
create table if not exists agent_members (
  agent_id bigint not null,
  user_id uuid not null,
  added_by uuid,
  added_at timestamp with time zone not null default now(),
  constraint agent_members_pkey primary key (agent_id, user_id),
  constraint agent_members_user_id_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint agent_members_added_by_fkey foreign key (added_by) references users (id) on delete set null
);
create index if not exists agent_members_user_id_idx on agent_members (user_id);
create index if not exists agent_members_added_by_idx on agent_members (added_by);
comment on table agent_members is 'Colleagues of an agent''s user: each may do with the agent''s rows what that user may.'
  ' Written by add_agent_member() and remove_agent_member().';
comment on column agent_members.added_by is 'Who added them; null if a backend did, or that user is gone.';

do $$
begin
  if not (select relrowsecurity from pg_class where oid = 'agent_members'::regclass::oid) then
    alter table agent_members enable row level security;
  end if;
  -- Not by owns_agent(), which asks this table.
  if not exists (select from pg_policy where polrelid = 'agent_members'::regclass::oid and polname = 'agent_members_select') then
    create policy agent_members_select on agent_members for select to authenticated using (user_id = (select auth.uid()));
    comment on policy agent_members_select on agent_members is 'Users see where they are members. Lists of an agent''s'
      ' members come from get_agent_members().';
  end if;
  if not exists (select from pg_policy where polrelid = 'agent_members'::regclass::oid and polname = 'agent_members_service')
  then
    create policy agent_members_service on agent_members for select to service_role using (true);
    comment on policy agent_members_service on agent_members is 'Backends may look; only functions write.';
  end if;
end
$$;
revoke all on agent_members from public, anon, authenticated, service_role;
grant select on agent_members to authenticated, service_role;

-- An unsafe function in a policy would keep every query on the table from having parallel workers.
create or replace function owns_agent(agent_id bigint) returns boolean
language plpgsql
stable
parallel safe
set search_path from current
as $$
declare
  caller uuid := auth.uid();
begin
  -- One after the other: to start one query that asks all three takes longer than the first one alone, which mostly answers.
  if exists (select from agents a where a.id = owns_agent.agent_id and a.user_id = caller) then
    return true;
  end if;
  if exists (select from agent_members m where m.agent_id = owns_agent.agent_id and m.user_id = caller) then
    return true;
  end if;
  return exists (select from users u where u.id = caller and u.role::text = 'admin');
end
$$;
comment on function owns_agent(bigint) is 'Whether the current user (JWT claim sub) is this agent''s user, one of its members,'
  ' or an admin. Policies call it as an uncorrelated sub-select, so it runs once per query.';

create or replace function enter_agent(agent_prefix text, as_own_user boolean) returns void
language plpgsql
set search_path from current
as $$
declare
  own_user uuid;
begin
  -- Before agents is read: whoever removes this agent has its tables, and wants ACCESS EXCLUSIVE on agents next. With a
  -- lock on agents, waiting for one of these tables would be a deadlock. remove_agent_tables() takes this lock alone.
  -- The key is not made by a function of its own, because that would cost as much as all the rest.
  -- In a condition that never holds: PERFORM starts a query, which takes longer than the lock.
  if pg_catalog.pg_advisory_xact_lock_shared(
    pg_catalog.hashtextextended(agent_prefix, 'agents'::regclass::oid::bigint))::text is null
  then
    return;
  end if;
  select a.user_id into own_user from agents a where a.agent_prefix::text = enter_agent.agent_prefix;
  if not found then
    raise exception 'there is no agent %', agent_prefix using errcode = 'WA001';
  end if;
  if not as_own_user then
    return;
  end if;
  -- auth.uid() also reads the settings that older API servers make.
  if nullif(pg_catalog.current_setting('request.jwt.claims', true), '') is not null or auth.uid() is not null then
    raise exception 'whoever is signed in can''t act as the user of agent %', agent_prefix
      using errcode = 'insufficient_privilege', hint = 'This is for backends that have set no claims.';
  end if;
  if own_user is null then
    raise exception 'agent % has no user', agent_prefix using errcode = 'WA002';
  end if;
  if pg_catalog.set_config(
    'request.jwt.claims', '{"sub":"' || own_user::text || '","role":"authenticated"}', true) is null
  then
    return;
  end if;
end
$$;
comment on function enter_agent(text, boolean) is 'Called by crm-core ahead of its statements: refuses an agent that'
  ' doesn''t exist (SQLSTATE WA001), and makes the rest of the transaction act as the agent''s own user (WA002 if it'
  ' has none). Refused to whoever has claims already; else, it gives no right that setting them would not give.';

create or replace function touch_updated_at() returns trigger
language plpgsql
set search_path from current
as $$
begin
  new.updated_at := now();
  return new;
end
$$;
comment on function touch_updated_at() is 'Trigger: keeps updated_at.';

create or replace function keep_agent_identity() returns trigger
language plpgsql
set search_path from current
as $$
begin
  -- created_by becoming null is left to the NOT NULL constraint: that is the deletion of the user who made the agent. It
  -- changes while the owner gives that user another id: by way of a row whose e-mail is its id (replace_user_id()).
  if new.id <> old.id or new.agent_prefix::text <> old.agent_prefix::text
    or new.created_at is distinct from old.created_at
    or new.created_by <> old.created_by
      and (
        current_user <> (select pg_catalog.pg_get_userbyid(c.relowner) from pg_class c where c.oid = pg_catalog.to_regclass('agents')::oid)
        or not exists (
          select from users u where u.id in (old.created_by, new.created_by) and u.email::text = u.id::text
        )
      )
  then
    raise exception 'id, agent_prefix, created_by and created_at of agent % can''t be changed', old.agent_prefix
      using errcode = 'integrity_constraint_violation',
        hint = 'The agent''s tables carry its id and prefix. Make a new agent and move the data.';
  end if;
  -- current_user is who writes: the owner in functions of ours, which have checked their caller, and when a deleted user
  -- leaves an agent.
  if new.user_id is distinct from old.user_id and not is_trusted(current_user) and not is_admin() then
    raise exception 'only an admin gives agent % to another user', old.agent_prefix
      using errcode = 'insufficient_privilege', hint = 'Sign in as an admin, or do it as service_role.';
  end if;
  return new;
end
$$;
comment on function keep_agent_identity() is 'Trigger: refuses to change id, agent_prefix, created_by and created_at of an'
  ' agent, and its user_id unless an admin or a backend does.';

create or replace function end_assignments(agent_id bigint, user_id uuid) returns void
language plpgsql
set search_path from current
as $$
declare
  release record;
begin
  -- Of an agent with an inbox. agents isn't read: where an agent is deleted, all of its triggers would be loaded.
  select n.nspname, p.proname
  into release
  from agent_tables t
  join pg_proc p on p.proname = (pg_catalog.left(t.customers, -pg_catalog.length('_customers')) || '_conversations_release')::name
  join pg_namespace n on n.oid = p.pronamespace and n.nspname = current_schema()
  where t.agent_id = end_assignments.agent_id
    and pg_catalog.starts_with(
      coalesce(pg_catalog.obj_description(p.oid, 'pg_proc'), ''), pg_catalog.format('Function of agent %s.', end_assignments.agent_id));
  if found then
    -- A member who has become the agent's user goes on. What deletes an agent has deleted its agent_tables, and isn't here.
    if exists (select from agents a where a.id = end_assignments.agent_id and a.user_id = end_assignments.user_id) then
      return;
    end if;
    execute pg_catalog.format('select %I.%I($1)', release.nspname, release.proname) using user_id;
  end if;
end
$$;
comment on function end_assignments(bigint, uuid) is 'Takes an agent''s conversations from a user, who may not see them any more.';

create or replace function leave_agent() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  perform end_assignments(old.agent_id, old.user_id);
  return null;
end
$$;
comment on function leave_agent() is 'Trigger: whoever is no member any more has none of the agent''s conversations.';

create or replace function end_membership() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  -- Else it would be back, unseen, once the agent is given to somebody else.
  delete from agent_members m where m.agent_id = new.id and m.user_id = new.user_id;
  if old.user_id is distinct from new.user_id and old.user_id is not null then
    perform end_assignments(old.id, old.user_id);
  end if;
  return null;
end
$$;
comment on function end_membership() is 'Trigger: whoever becomes an agent''s user is no member of it any more, and who works with'
  ' it no longer has none of its conversations.';

-- Whose a number is: of one agent, which may have several, until it is given up. It outlives that, because what was kept of
-- callbacks may be stored later, but only with the agent that had the number when they came; and it knows users without an
-- agent, whose configuration names a number. There are no foreign keys: deleting an agent would run them, and a user who is
-- gone must still be told from the next one. What deletes agents frees their numbers.
create table if not exists agent_numbers (
  phone_number_id varchar(100) not null,
  agent_id bigint,
  since timestamp with time zone,
  user_id uuid,
  business_account_id varchar(100),
  display_number varchar(20),
  label varchar(100),
  is_active boolean not null default true,
  released_at timestamp with time zone,
  constraint agent_numbers_pkey primary key (phone_number_id)
);
-- Older installations knew the number of each configuration alone. Who has these is filled in where the triggers are made.
do $$
begin
  perform set_config('crm.knows_numbers', 'true', true);
  if not exists (
    select from pg_attribute c
    where c.attrelid = 'agent_numbers'::regclass::oid and c.attname = 'released_at' and not c.attisdropped
  ) then
    perform set_config('crm.knows_numbers', 'false', true);
    alter table agent_numbers
      alter column agent_id drop not null,
      add column if not exists user_id uuid,
      add column business_account_id varchar(100),
      add column display_number varchar(20),
      add column label varchar(100),
      add column is_active boolean not null default true,
      add column released_at timestamp with time zone;
  end if;
end
$$;
create index if not exists agent_numbers_agent_id_idx on agent_numbers (agent_id);
comment on table agent_numbers is 'Which agent each business number is, or was last. Written by add_agent_number() and its kin,'
  ' and by triggers on whatsapp_configuration and agents.';
comment on column agent_numbers.agent_id is 'Null if it is in the configuration of a user without an agent, and so nobody''s.';
comment on column agent_numbers.since is 'Since when it is that agent''s, or without one that user''s; null if nobody else'
  ' had the number before.';
comment on column agent_numbers.user_id is 'The agent''s user when it was last noted, or the user without an agent whose'
  ' configuration names it; null if there is none, or that is not known.';
comment on column agent_numbers.display_number is 'The phone number, for people.';
comment on column agent_numbers.label is 'What the agent''s people call it.';
comment on column agent_numbers.is_active is 'False if it is paused: what comes for it is kept, and nothing else.';
comment on column agent_numbers.released_at is 'When it was given up, and became free; null as long as it is held.';

do $$
begin
  if not (select relrowsecurity from pg_class where oid = 'agent_numbers'::regclass::oid) then
    alter table agent_numbers enable row level security;
  end if;
  if not exists (select from pg_policy where polrelid = 'agent_numbers'::regclass::oid and polname = 'agent_numbers_select') then
    create policy agent_numbers_select on agent_numbers for select to service_role using (true);
  end if;
end
$$;
comment on policy agent_numbers_select on agent_numbers is 'Backends may look; only functions and triggers write.';
revoke all on agent_numbers from public, anon, authenticated, service_role;
grant select on agent_numbers to service_role;

create or replace function claim_number(
  phone_number_id text,
  agent_id bigint,
  user_id uuid,
  business_account_id text,
  display_number text,
  is_active boolean
)
returns boolean
language plpgsql
set search_path from current
as $$
declare
  known agent_numbers;
begin
  -- Asked first, so that nobody holds the row of a number that isn't theirs.
  if exists (
    select
    from agent_numbers n
    join agents a on a.id = n.agent_id
    where n.phone_number_id::text = claim_number.phone_number_id and n.released_at is null
      and n.agent_id is distinct from claim_number.agent_id
  ) then
    return false;
  end if;
  -- Two sessions at once meet at the primary key. Whoever comes second looks again in statements of their own, because in
  -- this one's snapshot an agent that was made meanwhile isn't there yet.
  insert into agent_numbers (phone_number_id, agent_id, user_id, business_account_id, display_number, is_active)
  values (
    claim_number.phone_number_id,
    claim_number.agent_id,
    claim_number.user_id,
    claim_number.business_account_id,
    claim_number.display_number,
    coalesce(claim_number.is_active, true)
  )
  on conflict on constraint agent_numbers_pkey do nothing;
  if found then
    return true;
  end if;
  select n.* into known from agent_numbers n where n.phone_number_id::text = claim_number.phone_number_id for no key update;
  if known.released_at is null and known.agent_id is null and claim_number.agent_id is null
    and known.user_id <> claim_number.user_id
    and exists (
      select
      from whatsapp_configuration c
      where c.user_id = known.user_id and c.phone_number_id::text = claim_number.phone_number_id
    )
  then
    -- Of users without an agent, the first one who still names it.
    return true;
  end if;
  update agent_numbers n
  set agent_id = claim_number.agent_id,
    user_id = claim_number.user_id,
    business_account_id = claim_number.business_account_id,
    display_number = claim_number.display_number,
    label = case when n.agent_id = claim_number.agent_id then n.label end,
    is_active = coalesce(claim_number.is_active, n.is_active),
    -- Whoever had it last comes back, or has got an agent, or lost one: nobody else had it meanwhile.
    since = case
      when n.agent_id = claim_number.agent_id then n.since
      when n.user_id = claim_number.user_id and (n.agent_id is null or claim_number.agent_id is null) then n.since
      else clock_timestamp()
    end,
    released_at = null
  where n.phone_number_id::text = claim_number.phone_number_id
    and (
      n.released_at is not null
      or n.agent_id is null
      or n.agent_id = claim_number.agent_id
      or not exists (select from agents a where a.id = n.agent_id)
    );
  return found;
end
$$;
comment on function claim_number(text, bigint, uuid, text, text, boolean) is 'Makes a number this agent''s, or if that is null'
  ' notes that this user''s configuration names it; false if another agent has it. is_active null leaves that as it is.';

create or replace function refuse_number() returns void
language plpgsql
set search_path from current
as $$
begin
  raise exception '%', taken_number()
    using errcode = 'unique_violation', schema = current_schema(), table = 'agent_numbers', constraint = 'agent_numbers_pkey';
end
$$;
comment on function refuse_number() is 'Raises that a phone_number_id is another agent''s.';

create or replace function taken_number() returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return 'the phone_number_id is another agent''s, active or not: that agent''s user gives it up first, by'
    ' remove_agent_number(), or by update_whatsapp_config() with an empty phone_number_id; or an admin moves it, by'
    ' move_agent_number()';
end
$$;
comment on function taken_number() is 'The message that a phone_number_id is another agent''s: not whose.';

-- Nobody has as many, and numbers that an agent has taken are refused to all others. Admins may move more to it.
create or replace function has_all_numbers(agent_id bigint) returns boolean
language plpgsql
stable
set search_path from current
as $$
begin
  return (
    select pg_catalog.count(*) from agent_numbers n where n.agent_id = has_all_numbers.agent_id and n.released_at is null
  ) >= 100::bigint;
end
$$;
comment on function has_all_numbers(bigint) is 'Whether an agent has as many numbers as its user may give it.';

create or replace function too_many_numbers() returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return 'the agent has 100 numbers, active or not, which is the most: give one up first, by remove_agent_number()';
end
$$;
comment on function too_many_numbers() is 'The message that an agent has as many numbers as it may.';

create or replace function is_taken(phone_number_id text, by_others_than uuid) returns boolean
language plpgsql
stable
set search_path from current
as $$
begin
  return exists (
    select
    from agent_numbers n
    join agents a on a.id = n.agent_id
    where n.phone_number_id::text = is_taken.phone_number_id and n.released_at is null
      and a.user_id is distinct from by_others_than
  );
end
$$;
comment on function is_taken(text, uuid) is 'Whether the number is an agent''s that is not this user''s.';

create or replace function release_number(phone_number_id text, user_id uuid) returns void
language plpgsql
set search_path from current
as $$
begin
  -- Not by the user_id of the number, which may be that of a former user. Of a user who is being deleted, the agent stays.
  update agent_numbers n
  set released_at = clock_timestamp()
  where n.phone_number_id::text = release_number.phone_number_id and n.released_at is null
    and case
      when n.agent_id is null then n.user_id = release_number.user_id
      else exists (
        select
        from agents a
        join users u on u.id = a.user_id
        where a.id = n.agent_id and u.id = release_number.user_id
      )
    end;
end
$$;
comment on function release_number(text, uuid) is 'Frees a number, if it is that of this user''s agent, or of this user without one.';

create or replace function note_number_of_configuration() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  agent_id bigint;
  known agent_numbers;
  is_same boolean := tg_op = 'UPDATE'
    and new.user_id = old.user_id and new.phone_number_id::text is not distinct from old.phone_number_id::text;
begin
  -- Whoever gives this user an agent meanwhile waits, or has been waited for: at the user, or at a row that was there.
  if tg_op = 'INSERT' then
    perform from users u where u.id = new.user_id for no key update;
  end if;
  if tg_op <> 'DELETE' then
    agent_id := (select a.id from agents a where a.user_id = new.user_id);
  end if;
  -- Another number in its place leaves the agent with both.
  if tg_op = 'DELETE'
    or tg_op = 'UPDATE' and not is_same
      and (new.user_id <> old.user_id or new.phone_number_id is null or agent_id is null)
  then
    perform release_number(old.phone_number_id::text, old.user_id);
  end if;
  if tg_op = 'DELETE' or new.phone_number_id is null then
    return null;
  end if;
  -- Of a number that the agent has already, what the statement leaves as it is stays: also if it comes in another's place.
  if tg_op = 'UPDATE' then
    select n.* into known
    from agent_numbers n
    join agents a on a.id = n.agent_id
    where n.phone_number_id::text = new.phone_number_id::text and n.released_at is null and a.user_id = new.user_id;
  end if;
  if not is_same and agent_id is not null and has_all_numbers(agent_id)
    and not exists (
      select
      from agent_numbers n
      where n.phone_number_id::text = new.phone_number_id::text and n.released_at is null
        and n.agent_id is not null
    )
  then
    raise exception '%', too_many_numbers()
      using errcode = 'check_violation', schema = current_schema(), table = 'agent_numbers', constraint = 'agent_numbers_limit';
  end if;
  if not claim_number(
      new.phone_number_id::text,
      agent_id,
      new.user_id,
      case
        when known.agent_id is not null and new.business_account_id::text is not distinct from old.business_account_id::text
          then known.business_account_id
        else new.business_account_id
      end::text,
      case
        when known.agent_id is not null and new.whatsapp_number::text = old.whatsapp_number::text then known.display_number
        else new.whatsapp_number
      end::text,
      case
        when (is_same or known.agent_id is not null) and new.is_active is not distinct from old.is_active then null
        else new.is_active is true
      end)
    and not is_same
  then
    perform refuse_number();
  end if;
  return null;
end
$$;
comment on function note_number_of_configuration() is 'Trigger: the number of a configuration is its user''s agent''s, and'
  ' refused if it is another''s.';

create or replace function note_number_of_agent() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  if tg_op = 'UPDATE' and new.user_id is not distinct from old.user_id then
    return null;
  end if;
  perform from users u where u.id = new.user_id for no key update;
  perform from whatsapp_configuration c where c.user_id = new.user_id for no key update;
  update agent_numbers n set user_id = new.user_id where n.agent_id = new.id and n.released_at is null;
  perform claim_number(c.phone_number_id::text, new.id, new.user_id, c.business_account_id::text,
    c.whatsapp_number::text, c.is_active is true)
  from whatsapp_configuration c
  where c.user_id = new.user_id and c.phone_number_id is not null;
  return null;
end
$$;
comment on function note_number_of_agent() is 'Trigger: numbers stay their agent''s, whoever its user is, and that of the user''s'
  ' configuration becomes the agent''s, unless it is another''s already.';

create or replace function keep_number() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  fault text;
begin
  new.phone_number_id := nullif(new.phone_number_id::text, '');
  -- One of an older installation stays until it is changed.
  if tg_op = 'INSERT' or new.phone_number_id::text is distinct from old.phone_number_id::text then
    fault := number_id_fault(new.phone_number_id::text);
    if fault is not null then
      raise exception '%', fault
        using errcode = 'check_violation', schema = tg_table_schema, table = tg_table_name, column = 'phone_number_id';
    end if;
  end if;
  return new;
end
$$;
comment on function keep_number() is 'Trigger: has an empty phone_number_id mean none, and refuses one that can be none.';

create or replace function number_id_fault(phone_number_id text) returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return case
    when pg_catalog.length(phone_number_id) > 100 then 'phone_number_id is longer than 100 characters'
    when phone_number_id !~ '^[A-Za-z0-9_.-]+$'
      then 'phone_number_id has other characters than letters (A to Z), digits, "_", "-" and "."'
  end;
end
$$;
comment on function number_id_fault(text) is 'Why this can be no number''s phone_number_id, or null; null if there is none.';

-- An account that never had an address gets a row with its first one. Auth forgets that there was one before.
create table if not exists removed_users (
  id uuid not null,
  constraint removed_users_pkey primary key (id)
);
comment on table removed_users is 'Ids of users who were deleted: an account of such an id gets no row by what changes in'
  ' auth.users. Written by a trigger on users.';

do $$
begin
  if not (select relrowsecurity from pg_class where oid = 'removed_users'::regclass::oid) then
    alter table removed_users enable row level security;
  end if;
  if not exists (select from pg_policy where polrelid = 'removed_users'::regclass::oid and polname = 'removed_users_select') then
    create policy removed_users_select on removed_users for select to service_role using (true);
    comment on policy removed_users_select on removed_users is 'Backends may look; only a trigger writes.';
  end if;
end
$$;
revoke all on removed_users from public, anon, authenticated, service_role;
grant select on removed_users to service_role;

create or replace function note_removal() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  if tg_op = 'DELETE' then
    insert into removed_users (id) values (old.id) on conflict do nothing;
  else
    delete from removed_users r where r.id = new.id;
  end if;
  return null;
end
$$;
comment on function note_removal() is 'Trigger: keeps removed_users.';

-- Sign-ups come from the auth service under a role without rights on users: hence security definer. What its table has is
-- read as JSON, because a host's own may lack a column.
create or replace function sync_user_from_auth() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  address text := nullif(new.email::text, '');
begin
  if address is null then
    return new; -- phone-only and anonymous users get a row once they have an e-mail
  end if;
  begin
    if exists (select from users u where u.id = new.id) then
      update users u
      set email = address,
        name = case
          when tg_op = 'UPDATE' and new.raw_user_meta_data is distinct from old.raw_user_meta_data
            and given_name(new.raw_user_meta_data) is not null
          then display_name(pg_catalog.to_jsonb(new))
          else u.name
        end,
        role = case
          when tg_op = 'UPDATE' and new.raw_app_meta_data ->> 'role'::text is distinct from old.raw_app_meta_data ->> 'role'::text
          then granted_role(pg_catalog.to_jsonb(new))::role
          else u.role
        end
      where u.id = new.id;
    elsif take_row_over(pg_catalog.to_jsonb(new)) then
      -- Only a sign-up may bring a role: whoever was removed must not come back as an admin.
      if tg_op = 'INSERT' then
        update users u
        set role = granted_role(pg_catalog.to_jsonb(new))::role
        where u.id = new.id and new.raw_app_meta_data ->> 'role'::text is not null;
      end if;
    elsif exists (select from users u where pg_catalog.lower(u.email::text) = pg_catalog.lower(address)) then
      raise unique_violation;
    elsif tg_op = 'INSERT' then
      insert into users (id, name, email, role)
      values (new.id, display_name(pg_catalog.to_jsonb(new)), address, granted_role(pg_catalog.to_jsonb(new))::role);
    -- Whoever was removed here must not come back by changing their own metadata, least of all as an admin again.
    elsif nullif(old.email::text, '') is null and not exists (select from removed_users r where r.id = new.id) then
      insert into users (id, name, email, role) values (new.id, display_name(pg_catalog.to_jsonb(new)), address, 'agent');
    end if;
  exception
    when unique_violation then
      raise warning 'auth user % is not in step with users: another user there holds the same e-mail', new.id
        using hint = 'If they are one person, have a backend call link_user(); the doctor prints the call.';
  end;
  return new;
end
$$;
comment on function sync_user_from_auth() is 'Trigger on auth.users: keeps users in step with Supabase Auth.';

create or replace function given_name(metadata jsonb) returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return coalesce(nullif(metadata ->> 'name'::text, ''), nullif(metadata ->> 'full_name'::text, ''));
end
$$;
comment on function given_name(jsonb) is 'The name in the user metadata of an account, or null.';

create or replace function display_name(account jsonb) returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return pg_catalog.left(
    coalesce(given_name(account -> 'raw_user_meta_data'::text), pg_catalog.split_part(account ->> 'email'::text, '@', 1)), 255);
end
$$;
comment on function display_name(jsonb) is 'What an account of auth.users is called: its name, or what is ahead of the @.';

create or replace function granted_role(account jsonb) returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  -- Only app metadata: user metadata can be edited by the user.
  return case account -> 'raw_app_meta_data'::text ->> 'role'::text when 'admin' then 'admin' else 'agent' end;
end
$$;
comment on function granted_role(jsonb) is 'The role that an account of auth.users was given by the service.';

-- An address that nobody has confirmed proves nothing. Neither does one where confirmation is switched off, so a row with
-- rights or data of its own is never taken over, but linked by a backend.
create or replace function take_row_over(account jsonb) returns boolean
language plpgsql
set search_path from current
as $$
declare
  holder uuid;
begin
  if account ->> 'email_confirmed_at'::text is null or coalesce((account ->> 'is_anonymous'::text)::boolean, false) then
    return false;
  end if;
  -- Whoever gives this user an agent, a role, a membership or a configuration meanwhile holds the row.
  select u.id
  into holder
  from users u
  where pg_catalog.lower(u.email::text) = pg_catalog.lower(account ->> 'email'::text)
  order by u.created_at
  limit 1
  for update;
  if holder is null
    or not exists (select from users u where u.id = holder and u.role::text = 'agent')
    or exists (select from agents a where a.user_id = holder or a.created_by = holder)
    or exists (select from agent_members m where m.user_id = holder)
    or exists (select from whatsapp_configuration c where c.user_id = holder)
    or is_account(holder)
  then
    return false;
  end if;
  perform replace_user_id(holder, (account ->> 'id'::text)::uuid);
  return true;
exception
  when others then
    -- Of whatever a host has hung on users; the sign-up itself must not fail because of it.
    raise warning 'auth user % can''t take over the row with its e-mail: %', account ->> 'id'::text, sqlerrm;
    return false;
end
$$;
comment on function take_row_over(jsonb) is 'Gives an account of auth.users the row with its confirmed e-mail, if there is one'
  ' that is no account''s and no admin''s, and whose user neither has nor made an agent, is no member of one, and has no'
  ' WhatsApp configuration.';

create or replace function is_account(user_id uuid) returns boolean
language plpgsql
stable
set search_path from current
as $$
declare
  found_one boolean := false;
begin
  if pg_catalog.to_regclass('auth.users') is not null then
    execute pg_catalog.format('select exists (select from %s a where a.id = $1)', pg_catalog.to_regclass('auth.users')) into found_one
    using user_id;
  end if;
  return found_one;
end
$$;
comment on function is_account(uuid) is 'Whether there is an account of this id in auth.users.';

-- The foreign keys are as specified, without ON UPDATE CASCADE, and so are most of a host's. So what refers to the row waits at
-- another one while its id changes. That one is told by its e-mail, which is its id.
create or replace function replace_user_id(old_id uuid, new_id uuid) returns void
language plpgsql
set search_path from current
set row_security = off
as $$
declare
  placeholder uuid := gen_random_uuid();
  numbers jsonb;
begin
  perform from users u where u.id = old_id for update;
  select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(n)) into numbers from agent_numbers n where n.user_id = old_id;
  insert into users (id, name, email, role) values (placeholder, 'placeholder', placeholder::text, 'agent');
  perform move_references(old_id, placeholder);
  update users u set id = new_id where u.id = old_id;
  perform move_references(placeholder, new_id);
  -- It is one person, so no number has changed hands, whatever the triggers took it for.
  update agent_numbers n
  set user_id = new_id, agent_id = k.agent_id, since = k.since, label = k.label, is_active = k.is_active,
    released_at = k.released_at
  from pg_catalog.jsonb_to_recordset(numbers) as k (
    phone_number_id text, agent_id bigint, since timestamptz, label text, is_active boolean, released_at timestamptz)
  where n.phone_number_id::text = k.phone_number_id;
  delete from users u where u.id = placeholder;
  delete from removed_users r where r.id = placeholder;
end
$$;
comment on function replace_user_id(uuid, uuid) is 'Gives a row of users another id; whatever refers to it follows.';

create or replace function move_references(old_id uuid, new_id uuid) returns void
language plpgsql
set search_path from current
set row_security = off
as $$
declare
  reference record;
  is_left boolean;
begin
  for reference in
    select n.nspname, c.relname, a.attname, pg_catalog.cardinality(f.conkey) = 1 and k.attname = 'id'::name as is_plain
    from pg_constraint f
    join pg_class c on c.oid = f.conrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
    join pg_attribute k on k.attrelid = f.confrelid and k.attnum = f.confkey[1]
    where f.contype = 'f' and f.conparentid = 0::oid
      -- By the triggers of the table, which have an index; constraints have none by what they refer to.
      and f.oid in (
        select t.tgconstraint
        from pg_trigger t
        where t.tgrelid = pg_catalog.to_regclass('users')::oid and t.tgisinternal and t.tgconstrrelid <> 0::oid
      )
    order by f.oid
  loop
    if not reference.is_plain then
      raise exception 'table %.% refers to users by more, or by something else, than the id',
        reference.nspname, reference.relname
        using errcode = 'restrict_violation', hint = 'Change the rows there and in users by hand.';
    end if;
    execute pg_catalog.format('update %1$I.%2$I set %3$I = $2 where %3$I = $1', reference.nspname, reference.relname, reference.attname)
    using old_id, new_id;
    execute pg_catalog.format('select exists (select from %1$I.%2$I where %3$I = $1)',
      reference.nspname, reference.relname, reference.attname)
    into is_left
    using old_id;
    if is_left then
      raise exception 'a trigger on %.% keeps rows of user %', reference.nspname, reference.relname, old_id
        using errcode = 'restrict_violation', hint = 'Change that trigger, or these rows.';
    end if;
  end loop;
end
$$;
comment on function move_references(uuid, uuid) is 'Has all that refers to the one user refer to the other.';

create or replace function link_user(user_id uuid, auth_user_id uuid) returns void
language plpgsql
security definer
set search_path from current
as $$
declare
  address text;
begin
  if not is_backend() then
    raise exception 'only a backend may call link_user'
      using errcode = 'insufficient_privilege', hint = 'Call it as service_role or as the owner.';
  end if;
  if not is_account(auth_user_id) then
    raise exception 'there is no account % in auth.users', coalesce(auth_user_id::text, 'null')
      using errcode = 'invalid_parameter_value', hint = 'Have that person sign up, or invite them, and pass the id they get.';
  end if;
  if user_id = auth_user_id then
    return;
  end if;
  if not exists (select from users u where u.id = link_user.user_id) then
    raise exception 'there is no user %', coalesce(user_id::text, 'null')
      using errcode = 'invalid_parameter_value', hint = 'Pass the id of the row of users that the account is to have.';
  end if;
  if exists (select from users u where u.id = auth_user_id) then
    raise exception 'account % has a row of its own in users', auth_user_id
      using errcode = 'unique_violation',
        hint = pg_catalog.format('If that one isn''t needed: delete from users where id = %L; and call this again.', auth_user_id);
  end if;
  perform replace_user_id(user_id, auth_user_id);
  execute pg_catalog.format('select nullif(a.email::text, '''') from %s a where a.id = $1', pg_catalog.to_regclass('auth.users')) into address
  using auth_user_id;
  update users u set email = address where u.id = auth_user_id and u.email::text <> address;
end
$$;
comment on function link_user(uuid, uuid) is 'Gives the row of a user to an account of auth.users: it has that id from now on,'
  ' and the account''s e-mail; role, agent, WhatsApp configuration and all that refers to it stay its own. For backends,'
  ' who know that they are one person.';

create or replace function sync_email_to_auth() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  -- The last condition ends the circle with sync_user_from_auth().
  execute 'update auth.users set email = $2 where id = $1 and email::text is distinct from $2::text' using new.id, new.email;
  -- As the auth service does when an address changes there. Those of other providers are the providers'.
  if pg_catalog.to_regclass('auth.identities') is not null then
    execute 'update auth.identities'
      ' set identity_data = pg_catalog.jsonb_set(identity_data, ''{email}'', pg_catalog.to_jsonb($2::text))'
      ' where user_id = $1 and provider = ''email'' and identity_data ->> ''email''::text is distinct from $2::text'
    using new.id, new.email;
  end if;
  return new;
exception
  when unique_violation then
    raise exception 'another user of auth.users has the new e-mail of user %', new.id
      using errcode = 'unique_violation', hint = 'Pass another address, or remove that sign-up first.';
end
$$;
comment on function sync_email_to_auth() is 'Trigger: a changed users.email goes back to auth.users, and to the identity of'
  ' whoever signs in by e-mail.';

create or replace function follow_sign_ups() returns void
language plpgsql
set search_path from current
as $$
declare
  accounts oid := pg_catalog.to_regclass('auth.users')::oid;
  events name[] := array(
    select a.attname
    from pg_attribute a
    where a.attrelid = accounts and not a.attisdropped
      and a.attname = any (array['email', 'email_confirmed_at', 'raw_user_meta_data', 'raw_app_meta_data']::name[])
    order by a.attnum
  );
  present record;
begin
  select t.tgname, t.tgenabled in ('O', 'A') and pg_catalog.cardinality(t.tgattr::smallint[]) = pg_catalog.cardinality(events) as is_whole
  into present
  from pg_trigger t
  where t.tgrelid = accounts and t.tgfoid = pg_catalog.to_regprocedure('sync_user_from_auth()')::oid;
  if accounts is null or present.is_whole then
    return;
  end if;
  -- The name carries the schema: several installations may follow one auth.users. To drop it would take its owner.
  execute pg_catalog.format('create or replace trigger %I after insert or update of %s on auth.users'
    ' for each row execute function sync_user_from_auth()',
    coalesce(present.tgname, (
      select 'crm_sync_user_' || n.nspname
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where c.oid = pg_catalog.to_regclass('users')::oid
    )),
    (select pg_catalog.string_agg(pg_catalog.quote_ident(e.name), ', ' order by e.place)
      from pg_catalog.unnest(events) with ordinality as e (name, place)));
end
$$;
comment on function follow_sign_ups() is 'Makes the trigger on auth.users, if it is missing, disabled, or an older one.';

create or replace function admit_accounts() returns void
language plpgsql
set search_path from current
as $$
declare
  account jsonb;
  admitted bigint;
  skipped bigint := 0::bigint;
begin
  execute pg_catalog.format($sql$
    insert into users (id, name, email, role)
    select distinct on (pg_catalog.lower(a.email::text))
      a.id, display_name(pg_catalog.to_jsonb(a)), a.email::text, granted_role(pg_catalog.to_jsonb(a))::role
    from %s a
    where a.email::text <> '' and pg_catalog.to_jsonb(a) ->> 'deleted_at'::text is null
      and not exists (select from users u where u.id = a.id or pg_catalog.lower(u.email::text) = pg_catalog.lower(a.email::text))
    order by pg_catalog.lower(a.email::text), pg_catalog.to_jsonb(a) ->> 'email_confirmed_at'::text, a.id
  $sql$, pg_catalog.to_regclass('auth.users'));
  get diagnostics admitted = row_count;
  for account in execute pg_catalog.format($sql$
    select pg_catalog.to_jsonb(a)
    from %s a
    where a.email::text <> '' and pg_catalog.to_jsonb(a) ->> 'deleted_at'::text is null
      and not exists (select from users u where u.id = a.id)
    order by pg_catalog.to_jsonb(a) ->> 'email_confirmed_at'::text, a.id
  $sql$, pg_catalog.to_regclass('auth.users')) loop
    if take_row_over(account) then
      admitted := admitted + 1;
    else
      skipped := skipped + 1;
    end if;
  end loop;
  if skipped > 0 then
    raise warning '% accounts of auth.users have no row in users, because another user there holds their e-mail; % have one',
      skipped, admitted
      using hint = 'The doctor names them, and the call that links each.';
  end if;
end
$$;
comment on function admit_accounts() is 'Gives whoever signed up before the installation a row in users. Not for later: whoever'
  ' was removed would be back.';

revoke all on function is_trusted(name), is_admin(), owns_agent(bigint), enter_agent(text, boolean), touch_updated_at(),
  keep_agent_identity(), end_assignments(bigint, uuid), leave_agent(),
  end_membership(), claim_number(text, bigint, uuid, text, text, boolean), refuse_number(), taken_number(),
  has_all_numbers(bigint), too_many_numbers(),
  is_taken(text, uuid), release_number(text, uuid), note_number_of_configuration(), note_number_of_agent(), keep_number(), number_id_fault(text),
  note_removal(), sync_user_from_auth(), sync_email_to_auth(), given_name(jsonb), display_name(jsonb), granted_role(jsonb),
  take_row_over(jsonb), is_account(uuid), replace_user_id(uuid, uuid), move_references(uuid, uuid), link_user(uuid, uuid),
  follow_sign_ups(), admit_accounts() from public, anon, authenticated, service_role;
-- The policies call them, and the trigger of agents, as whoever runs the statement.
grant execute on function is_trusted(name), is_admin(), owns_agent(bigint), enter_agent(text, boolean)
  to authenticated, service_role;
-- It checks its caller, too.
grant execute on function link_user(uuid, uuid) to service_role;

-- Triggers. Each is made once: making it again would lock the table on every run.
do $$
begin
  if not exists (select from pg_trigger where tgrelid = 'agents'::regclass::oid and tgname = 'keep_agent_identity') then
    create trigger keep_agent_identity before update on agents
      for each row execute function keep_agent_identity();
  end if;
  if not exists (select from pg_trigger where tgrelid = 'agents'::regclass::oid and tgname = 'end_membership') then
    create trigger end_membership after update of user_id on agents
      for each row execute function end_membership();
  end if;
  if not exists (select from pg_trigger where tgrelid = 'agent_members'::regclass::oid and tgname = 'leave_agent') then
    create trigger leave_agent after delete on agent_members
      for each row execute function leave_agent();
  end if;
  if not exists (
    select from pg_trigger where tgrelid = 'whatsapp_configuration'::regclass::oid and tgname = 'touch_updated_at'
  ) then
    create trigger touch_updated_at before update on whatsapp_configuration
      for each row execute function touch_updated_at();
  end if;
  if not exists (
    select from pg_trigger where tgrelid = 'whatsapp_configuration'::regclass::oid and tgname = 'keep_number'
  ) then
    create trigger keep_number before insert or update of user_id, phone_number_id on whatsapp_configuration
      for each row execute function keep_number();
    create trigger note_number after insert or update of user_id on agents
      for each row execute function note_number_of_agent();
  end if;
  -- One of an older installation doesn't know that a configuration is deleted.
  if exists (
    select from pg_trigger
    where tgrelid = 'whatsapp_configuration'::regclass::oid and tgname = 'note_number' and tgtype & 8::smallint = 0::smallint
  ) then
    drop trigger note_number on whatsapp_configuration;
  end if;
  if not exists (select from pg_trigger where tgrelid = 'whatsapp_configuration'::regclass::oid and tgname = 'note_number') then
    create trigger note_number after insert or delete
      or update of user_id, whatsapp_number, business_account_id, phone_number_id, is_active on whatsapp_configuration
      for each row execute function note_number_of_configuration();
    perform set_config('crm.knows_numbers', 'false', true);
  end if;
  if current_setting('crm.knows_numbers') = 'false' then
    -- What an older installation knows: nobody changed a configuration, and so its number, after updated_at.
    update agent_numbers n
    set released_at = clock_timestamp()
    where n.released_at is null
      and not exists (select from whatsapp_configuration c where c.phone_number_id::text = n.phone_number_id::text);
    insert into agent_numbers as n (
      phone_number_id, user_id, agent_id, business_account_id, display_number, is_active, since)
    select distinct on (c.phone_number_id) c.phone_number_id, c.user_id, a.id, c.business_account_id, c.whatsapp_number,
      c.is_active is true, greatest(c.updated_at, c.created_at, a.created_at)
    from whatsapp_configuration c
    left join agents a on a.user_id = c.user_id
    where c.phone_number_id is not null
    order by c.phone_number_id, a.id is null, c.created_at, c.id
    on conflict on constraint agent_numbers_pkey do update
    set user_id = excluded.user_id,
      agent_id = excluded.agent_id,
      business_account_id = excluded.business_account_id,
      display_number = excluded.display_number,
      is_active = excluded.is_active,
      released_at = null,
      since = case
        when n.agent_id = excluded.agent_id or n.user_id = excluded.user_id then n.since
        else clock_timestamp()
      end;
  end if;
end
$$;
-- Of older installations.
drop function if exists note_number(uuid, bigint);

do $$
begin
  if to_regclass('auth.users') is null then
    return;
  end if;
  if not exists (select from pg_trigger where tgrelid = 'users'::regclass::oid and tgname = 'sync_email_to_auth') then
    create trigger sync_email_to_auth after update of email on users
      for each row when (new.email::text is distinct from old.email::text) execute function sync_email_to_auth();
  end if;
  if not exists (select from pg_trigger where tgrelid = 'users'::regclass::oid and tgname = 'note_removal') then
    create trigger note_removal after insert or delete or update of id on users
      for each row execute function note_removal();
    -- Of an older installation. An account that has an address, and no row, has had its first one.
    if current_setting('crm.is_new') = 'false' then
      execute format('insert into removed_users (id)'
        ' select a.id from %s a where a.email::text <> '''' and not exists (select from users u where u.id = a.id)'
        ' on conflict do nothing', to_regclass('auth.users'));
    end if;
  end if;
  perform follow_sign_ups();
  if current_setting('crm.is_new') = 'true' then
    perform admit_accounts();
  end if;
exception
  when insufficient_privilege then
    raise warning 'users is not kept in step with auth.users: % may not create a trigger there, or read it', current_user
      using hint = 'Run base_tables.sql as a role with the privileges SELECT and TRIGGER on auth.users.';
end
$$;

-- Row level security: one policy per table and action, an admin's access being part of the same expression.
do $$
declare
  base_table text;
begin
  foreach base_table in array array['users', 'agents', 'whatsapp_configuration'] loop
    if not (select relrowsecurity from pg_class where oid = base_table::regclass::oid) then
      execute format('alter table %I enable row level security', base_table);
    end if;
    -- Without BYPASSRLS, service_role needs a policy for its full access.
    if not (select rolbypassrls from pg_roles where rolname = 'service_role')
      and not exists (
        select from pg_policy where polrelid = base_table::regclass::oid and polname = base_table || '_service'
      ) then
      execute format('create policy %I on %I for all to service_role using (true) with check (true)',
        base_table || '_service', base_table);
      execute format('comment on policy %I on %I is %L', base_table || '_service', base_table,
        'Service role has full access. Made where service_role has no BYPASSRLS.');
    end if;
  end loop;

  if not exists (select from pg_policy where polrelid = 'users'::regclass::oid and polname = 'users_select') then
    create policy users_select on users for select to authenticated using (true);
  end if;

  if not exists (select from pg_policy where polrelid = 'agents'::regclass::oid and polname = 'agents_select') then
    create policy agents_select on agents for select to authenticated using (true);
  end if;
  if not exists (select from pg_policy where polrelid = 'agents'::regclass::oid and polname = 'agents_insert') then
    create policy agents_insert on agents for insert to authenticated
      with check ((select is_admin()) and created_by = (select auth.uid()));
  end if;
  if not exists (select from pg_policy where polrelid = 'agents'::regclass::oid and polname = 'agents_update') then
    create policy agents_update on agents for update to authenticated
      using (user_id = (select auth.uid()) or created_by = (select auth.uid()) or (select is_admin()))
      with check (user_id = (select auth.uid()) or created_by = (select auth.uid()) or (select is_admin()));
  end if;
  if not exists (select from pg_policy where polrelid = 'agents'::regclass::oid and polname = 'agents_delete') then
    create policy agents_delete on agents for delete to authenticated
      using (user_id = (select auth.uid()) or created_by = (select auth.uid()) or (select is_admin()));
  end if;

  if not exists (
    select from pg_policy
    where polrelid = 'whatsapp_configuration'::regclass::oid and polname = 'whatsapp_configuration_select'
  ) then
    create policy whatsapp_configuration_select on whatsapp_configuration for select to authenticated using (true);
    create policy whatsapp_configuration_insert on whatsapp_configuration for insert to authenticated
      with check (user_id = (select auth.uid()) or (select is_admin()));
    create policy whatsapp_configuration_update on whatsapp_configuration for update to authenticated
      using (user_id = (select auth.uid()) or (select is_admin()))
      with check (user_id = (select auth.uid()) or (select is_admin()));
    create policy whatsapp_configuration_delete on whatsapp_configuration for delete to authenticated
      using (user_id = (select auth.uid()) or (select is_admin()));
  end if;
end
$$;

comment on policy users_select on users is 'Authenticated users can read all users.';
comment on policy agents_select on agents is 'Authenticated users can read agents.';
comment on policy agents_insert on agents is 'Admins make agents, in their own name: a new row creates tables.';
comment on policy agents_update on agents is 'Users manage their own agents, via user_id or created_by; admins all. What'
  ' of a row changes, and by whom, is decided by privileges and by keep_agent_identity().';
comment on policy agents_delete on agents is 'Users manage their own agents, via user_id or created_by; admins all.';
comment on policy whatsapp_configuration_select on whatsapp_configuration is
  'Authenticated users can read configurations, except the columns api_key and verify_token.';
comment on policy whatsapp_configuration_insert on whatsapp_configuration is
  'Users only manage their own configuration; admins all.';
comment on policy whatsapp_configuration_update on whatsapp_configuration is
  'Users only manage their own configuration; admins all.';
comment on policy whatsapp_configuration_delete on whatsapp_configuration is
  'Users only manage their own configuration; admins all.';

-- Privileges. First everything is revoked, because Supabase's default privileges hand new objects to the API roles,
-- and differently in older and newer projects.
revoke all on users, agents, whatsapp_configuration from public, anon, authenticated, service_role;
revoke all on sequence agents_id_seq, whatsapp_configuration_id_seq from public, anon, authenticated, service_role;
grant select, insert, update, delete on users, agents, whatsapp_configuration to service_role;
grant usage on sequence agents_id_seq, whatsapp_configuration_id_seq to authenticated, service_role;
grant select on users to authenticated;
-- By column: nobody who is signed in chooses an id, or when something was made. Which rows, say the policies; user_id,
-- the trigger.
grant select, insert (agent_prefix, user_id, created_by), update (user_id), delete on agents to authenticated;
grant select (id, user_id, whatsapp_number, webhook_url, business_account_id, phone_number_id, is_active, created_at,
    updated_at),
  insert (user_id, whatsapp_number, webhook_url, api_key, business_account_id, phone_number_id, is_active, updated_at,
    verify_token),
  update (user_id, whatsapp_number, webhook_url, api_key, business_account_id, phone_number_id, is_active, updated_at,
    verify_token),
  delete on whatsapp_configuration to authenticated;

commit;
