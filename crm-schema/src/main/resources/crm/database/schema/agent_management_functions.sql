begin;
-- Create, update and delete agents, their members and numbers, and WhatsApp configurations.
--
-- Run by psql into the current schema, after dynamic_table_creation.sql. Run again, it changes nothing.
--
-- All but the three that list answer (..., success, message): success = false with what to do where the input can't be accepted.
-- They raise where the caller lacks the right (SQLSTATE 42501), and for what nobody can foresee. They run with the
-- rights of their owner, so each checks its caller first.

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

create or replace function create_agent(user_id uuid, agent_prefix varchar, created_by uuid)
returns table (agent jsonb, success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  select a.agent, a.success, a.message
  from try_to_create_agent(create_agent.user_id, create_agent.agent_prefix, create_agent.created_by) as a;
end
$$;
comment on function create_agent(uuid, varchar, uuid) is 'Creates an agent and its four tables. The number of its user''s'
  ' WhatsApp configuration becomes the agent''s, or the message says that it is another''s. For admins, in their own name, and for'
  ' backends. Waits its turn behind other creations and deletions.';

create or replace function update_agent_details(
  agent_id bigint,
  user_updates jsonb default '{}',
  agent_updates jsonb default '{}',
  current_user_id uuid default null
)
returns table (agent jsonb, success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  select a.agent, a.success, a.message
  from try_to_update_agent(update_agent_details.agent_id, user_updates, agent_updates, current_user_id) as a;
end
$$;
comment on function update_agent_details(bigint, jsonb, jsonb, uuid) is 'Changes name, email and role of an agent''s'
  ' user (user_updates) and the agent''s user_id (agent_updates), all or nothing. The user concerned changes the name;'
  ' admins and backends all of it. current_user_id gives a signed-in user no rights: it is null or that user. A backend that'
  ' passes it acts with the rights of the user named; null is the service.';

create or replace function delete_agent(agent_id bigint)
returns table (success boolean, message text)
language plpgsql
security definer
set search_path from current
set lock_timeout = '30s'
as $$
#variable_conflict use_column
declare
  old_agent agents;
  suffixes text[];
  row_is_gone boolean;
  by_admin boolean := is_backend() or is_admin();
begin
  -- Who may not is told so before the queue, and who may waits in it before agents is read: two deletions that hold ACCESS
  -- SHARE on it would block each other for ever. What a block has locked is free again once it has failed.
  if not by_admin then
    begin
      select * into old_agent from agents a where a.id = delete_agent.agent_id;
      raise sqlstate 'WA000';
    exception
      when sqlstate 'WA000' then
        perform require_own_agent(old_agent);
    end;
  end if;
  perform enter_provisioning();
  select * into old_agent from agents a where a.id = delete_agent.agent_id;
  if not by_admin then
    perform require_own_agent(old_agent);
  end if;
  if old_agent.id is null then
    success := false;
    message := pg_catalog.format('there is no agent with id %s', coalesce(agent_id::text, 'null'));
    return next;
    return;
  end if;

  -- Ahead of agents: whoever saves it meanwhile holds it, and reads agents next. All others queue behind this, so not for long.
  perform pg_catalog.set_config('lock_timeout', '3s', true);
  perform from whatsapp_configuration w where w.user_id = old_agent.user_id for no key update;
  suffixes := lock_agent_tables(old_agent.agent_prefix::text, old_agent.id);
  -- Ahead of the tables where that can be: once they are dropped, a statement on agents loads its triggers once more,
  -- which are two for each agent.
  row_is_gone := remove_agent_row_alone(old_agent.id);
  if suffixes is not null then
    perform drop_locked_tables(old_agent.agent_prefix::text, old_agent.id, suffixes);
  elsif has_extensions() then
    perform drop_agent_functions(old_agent.agent_prefix::text, old_agent.id);
  end if;
  if not row_is_gone then
    perform remove_agent_row(old_agent.id);
  end if;
  update whatsapp_configuration w set is_active = false where w.user_id = old_agent.user_id and w.is_active;
  delete from agent_members m where m.agent_id = old_agent.id;
  update agent_numbers n set released_at = clock_timestamp() where n.agent_id = old_agent.id and n.released_at is null;
  success := true;
  message := pg_catalog.format('agent %s and its tables deleted', old_agent.agent_prefix);
  return next;
end
$$;
comment on function delete_agent(bigint) is 'Deletes an agent, drops its tables, frees its numbers and deactivates its user''s'
  ' WhatsApp configuration. For the agent''s user, the user who made it, admins and backends. Waits only briefly for the locks'
  ' that this takes: raises SQLSTATE 55P03 rather than hold up all other agents; try again then.';

create or replace function create_whatsapp_config(
  user_id uuid,
  whatsapp_number varchar,
  webhook_url text,
  api_key text default null,
  business_account_id varchar default null,
  phone_number_id varchar default null
)
returns table (config jsonb, success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  select s.config, s.success, s.message
  from try_to_save_whatsapp(
    create_whatsapp_config.user_id,
    create_whatsapp_config.whatsapp_number,
    create_whatsapp_config.webhook_url,
    create_whatsapp_config.api_key,
    create_whatsapp_config.business_account_id,
    create_whatsapp_config.phone_number_id) as s;
end
$$;
comment on function create_whatsapp_config(uuid, varchar, text, text, varchar, varchar) is 'Saves the WhatsApp'
  ' configuration of a user: one that exists gets all these values and is active again, but an api_key or phone_number_id that'
  ' is null leaves the one that is there. The phone_number_id becomes a number of the user''s agent, beside those that it has; another'
  ' agent''s, active or not, is refused. For the user concerned, admins and backends.';

create or replace function get_whatsapp_config(user_id uuid)
returns table (config jsonb, success boolean, message text)
language plpgsql
stable
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  perform require_self_or_admin(get_whatsapp_config.user_id, 'get_whatsapp_config');
  config := (
    select pg_catalog.to_jsonb(w) from whatsapp_configuration w where w.user_id = get_whatsapp_config.user_id and w.is_active
  );
  success := config is not null;
  message := case
    when config is not null then 'WhatsApp configuration found'
    else pg_catalog.format('user %s has no active WhatsApp configuration', coalesce(get_whatsapp_config.user_id::text, 'null'))
  end;
  return next;
end
$$;
comment on function get_whatsapp_config(uuid) is 'The active WhatsApp configuration of a user with its secrets; config is'
  ' null where there is none. For the user concerned, admins and backends.';

create or replace function update_whatsapp_config(
  user_id uuid,
  whatsapp_number varchar default null,
  webhook_url text default null,
  api_key text default null,
  business_account_id varchar default null,
  phone_number_id varchar default null,
  is_active boolean default null,
  verify_token text default null
)
returns table (config jsonb, success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  select u.config, u.success, u.message
  from try_to_update_whatsapp(
    update_whatsapp_config.user_id,
    update_whatsapp_config.whatsapp_number,
    update_whatsapp_config.webhook_url,
    update_whatsapp_config.api_key,
    update_whatsapp_config.business_account_id,
    update_whatsapp_config.phone_number_id,
    update_whatsapp_config.is_active,
    update_whatsapp_config.verify_token) as u;
end
$$;
comment on function update_whatsapp_config(uuid, varchar, text, text, varchar, varchar, boolean, text) is 'Changes the'
  ' given fields of a user''s WhatsApp configuration; null leaves a field as it is, and an empty phone_number_id gives it'
  ' up. Another becomes a number of the user''s agent, beside those that it has; another agent''s, active or not, is refused.'
  ' For the user concerned, admins and backends.';

create or replace function delete_whatsapp_config(user_id uuid)
returns table (success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  perform require_self_or_admin(delete_whatsapp_config.user_id, 'delete_whatsapp_config');
  update whatsapp_configuration w
  set is_active = false
  where w.user_id = delete_whatsapp_config.user_id and w.is_active;
  success := found;
  message := case
    when success then 'WhatsApp configuration deactivated'
    else pg_catalog.format('user %s has no active WhatsApp configuration', coalesce(delete_whatsapp_config.user_id::text, 'null'))
  end;
  return next;
end
$$;
comment on function delete_whatsapp_config(uuid) is 'Deactivates the WhatsApp configuration of a user; its values stay.'
  ' For the user concerned, admins and backends.';

-- The specification doesn't name these nine, so a host may have one of its own, which is not to be replaced.
do $$
declare
  taken text;
begin
  select p.oid::regprocedure::text
  into taken
  from pg_proc p
  join pg_namespace n on n.oid = p.pronamespace and n.nspname = current_schema()
  where p.proname = any (
      array['add_agent_member', 'remove_agent_member', 'get_agent_members', 'get_user_agents', 'add_agent_number',
        'update_agent_number', 'move_agent_number', 'remove_agent_number', 'get_agent_numbers']::name[]
    )
    and (
      not pg_has_role(p.proowner, 'usage')
      or coalesce(obj_description(p.oid, 'pg_proc'), '') !~ '^(Members|Numbers) of agents: '
    )
  limit 1;
  if found then
    raise exception 'schema % holds another function named %', current_schema(), taken
      using errcode = 'duplicate_function',
        hint = 'Rename it, or install into a schema of its own: create schema crm; set search_path = crm; and run all files'
          ' again.';
  end if;
end
$$;

create or replace function add_agent_member(agent_id bigint, user_id uuid)
returns table (success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  select a.success, a.message from try_to_add_member(add_agent_member.agent_id, add_agent_member.user_id) as a;
end
$$;
comment on function add_agent_member(bigint, uuid) is 'Members of agents: has a user work with an agent beside its own user.'
  ' For that user, admins and backends.';

create or replace function remove_agent_member(agent_id bigint, user_id uuid)
returns table (success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
  holder integer;
begin
  if auth.uid() is distinct from remove_agent_member.user_id then
    perform require_owner(remove_agent_member.agent_id, 'remove_agent_member');
  end if;
  -- A member may leave in a transaction that never ends, and is a member all the while. Without a block that catches the
  -- timeout: in one, whoever has the row would be a subtransaction, which nobody finds.
  for look in 1..60 loop
    perform from agent_members m
    where m.agent_id = remove_agent_member.agent_id and m.user_id = remove_agent_member.user_id
    for update skip locked;
    exit when found;
    select l.pid
    into holder
    from agent_members m
    left join pg_locks l on l.locktype = 'transactionid' and l.transactionid = m.xmax and l.granted
    where m.agent_id = remove_agent_member.agent_id and m.user_id = remove_agent_member.user_id;
    exit when not found;
    if look = 60 then
      raise exception 'user % is leaving agent %, or is being removed, in a transaction that is still open: process %',
        remove_agent_member.user_id, remove_agent_member.agent_id, coalesce(holder::text, 'unknown')
        using errcode = 'lock_not_available',
          hint = 'Try again when that has ended, or end it: select pg_catalog.pg_terminate_backend(<process>).';
    end if;
    perform pg_catalog.pg_sleep(0.05);
  end loop;
  delete from agent_members m
  where m.agent_id = remove_agent_member.agent_id and m.user_id = remove_agent_member.user_id;
  success := found;
  message := case
    when success then 'member removed'
    else pg_catalog.format('user %s is no member of agent %s', coalesce(remove_agent_member.user_id::text, 'null'),
      coalesce(remove_agent_member.agent_id::text, 'null'))
  end;
  return next;
end
$$;
comment on function remove_agent_member(bigint, uuid) is 'Members of agents: ends a membership, from the next statement on. For'
  ' the member, the agent''s user, admins and backends. Raises SQLSTATE 55P03 where another transaction has removed that member'
  ' for 3 seconds and is still open.';

create or replace function get_agent_members(agent_id bigint)
returns table (user_id uuid, name varchar, email varchar, added_by uuid, added_at timestamp with time zone)
language plpgsql
stable
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  if not exists (select from agent_members m where m.agent_id = get_agent_members.agent_id and m.user_id = auth.uid()) then
    perform require_owner(get_agent_members.agent_id, 'get_agent_members');
  end if;
  return query
  select m.user_id, u.name, u.email, m.added_by, m.added_at
  from agent_members m
  join users u on u.id = m.user_id
  where m.agent_id = get_agent_members.agent_id
  order by m.added_at, m.user_id;
end
$$;
comment on function get_agent_members(bigint) is 'Members of agents: those of one agent, without its own user. For that user,'
  ' the members, admins and backends.';

create or replace function get_user_agents(user_id uuid)
returns table (agent_id bigint, agent_prefix varchar, access text)
language plpgsql
stable
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  perform require_self_or_admin(get_user_agents.user_id, 'get_user_agents');
  return query
  select a.id, a.agent_prefix, case when a.user_id = get_user_agents.user_id then 'owner' else 'member' end
  from agents a
  where a.user_id = get_user_agents.user_id
    or a.id in (select m.agent_id from agent_members m where m.user_id = get_user_agents.user_id)
  order by a.agent_prefix;
end
$$;
comment on function get_user_agents(uuid) is 'Members of agents: the agents that a user may open, and why: owner, whose agent it'
  ' is, or member. An admin may open all others, too. For the user concerned, admins and backends.';

create or replace function add_agent_number(
  agent_id bigint,
  phone_number_id varchar,
  display_number varchar default null,
  business_account_id varchar default null,
  label varchar default null
)
returns table (number jsonb, success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  select a.number, a.success, a.message
  from try_to_add_number(
    add_agent_number.agent_id,
    add_agent_number.phone_number_id,
    add_agent_number.display_number,
    add_agent_number.business_account_id,
    add_agent_number.label) as a;
end
$$;
comment on function add_agent_number(bigint, varchar, varchar, varchar, varchar) is 'Numbers of agents: makes a business number'
  ' this agent''s, beside those that it has, 100 at most. One that another agent has, active or not, is refused. For the agent''s'
  ' user, admins and backends.';

create or replace function update_agent_number(
  agent_id bigint,
  phone_number_id varchar,
  display_number varchar default null,
  business_account_id varchar default null,
  label varchar default null,
  is_active boolean default null
)
returns table (number jsonb, success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  select u.number, u.success, u.message
  from try_to_update_number(
    update_agent_number.agent_id,
    update_agent_number.phone_number_id,
    update_agent_number.display_number,
    update_agent_number.business_account_id,
    update_agent_number.label,
    update_agent_number.is_active) as u;
end
$$;
comment on function update_agent_number(bigint, varchar, varchar, varchar, varchar, boolean) is 'Numbers of agents: changes the'
  ' given fields of a number; null leaves a field as it is. is_active false pauses it. For the agent''s user, admins and backends.';

create or replace function move_agent_number(agent_id bigint, phone_number_id varchar, new_agent_id bigint)
returns table (number jsonb, success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  select m.number, m.success, m.message
  from try_to_move_number(
    move_agent_number.agent_id, move_agent_number.phone_number_id, move_agent_number.new_agent_id) as m;
end
$$;
comment on function move_agent_number(bigint, varchar, bigint) is 'Numbers of agents: gives a number to another agent; what came'
  ' before stays where it is. For admins and backends.';

create or replace function remove_agent_number(agent_id bigint, phone_number_id varchar)
returns table (success boolean, message text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  perform require_owner(remove_agent_number.agent_id, 'remove_agent_number');
  success := hold_number(remove_agent_number.agent_id, remove_agent_number.phone_number_id::text);
  if success then
    perform clear_configured_number(remove_agent_number.agent_id, remove_agent_number.phone_number_id::text);
    update agent_numbers n
    set released_at = clock_timestamp()
    where n.phone_number_id::text = remove_agent_number.phone_number_id::text and n.agent_id = remove_agent_number.agent_id
      and n.released_at is null;
  end if;
  message := case when success then 'number given up' else missing_number(remove_agent_number.agent_id) end;
  return next;
end
$$;
comment on function remove_agent_number(bigint, varchar) is 'Numbers of agents: gives a number up, also in the configuration of the'
  ' agent''s user; it is free then. For the agent''s user, admins and backends.';

create or replace function get_agent_numbers(agent_id bigint)
returns table (
  phone_number_id varchar,
  display_number varchar,
  business_account_id varchar,
  label varchar,
  is_active boolean,
  since timestamp with time zone
)
language plpgsql
stable
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  if not exists (select from agent_members m where m.agent_id = get_agent_numbers.agent_id and m.user_id = auth.uid()) then
    perform require_owner(get_agent_numbers.agent_id, 'get_agent_numbers');
  end if;
  return query
  select n.phone_number_id, n.display_number, n.business_account_id, n.label, n.is_active, n.since
  from agent_numbers n
  where n.agent_id = get_agent_numbers.agent_id and n.released_at is null
  order by n.phone_number_id collate "C";
end
$$;
comment on function get_agent_numbers(bigint) is 'Numbers of agents: those of one agent, paused ones too. For its user, the'
  ' members, admins and backends.';

-- To the end of the file the internal functions come first, and inside these: a function of the host in this schema
-- may have the same name, and must not be called in place of one of ours.
do $$
declare
  specified regprocedure;
begin
  foreach specified in array array[
    'create_agent(uuid, varchar, uuid)',
    'update_agent_details(bigint, jsonb, jsonb, uuid)',
    'delete_agent(bigint)',
    'create_whatsapp_config(uuid, varchar, text, text, varchar, varchar)',
    'get_whatsapp_config(uuid)',
    'update_whatsapp_config(uuid, varchar, text, text, varchar, varchar, boolean, text)',
    'delete_whatsapp_config(uuid)',
    'add_agent_member(bigint, uuid)',
    'remove_agent_member(bigint, uuid)',
    'get_agent_members(bigint)',
    'get_user_agents(uuid)',
    'add_agent_number(bigint, varchar, varchar, varchar, varchar)',
    'update_agent_number(bigint, varchar, varchar, varchar, varchar, boolean)',
    'move_agent_number(bigint, varchar, bigint)',
    'remove_agent_number(bigint, varchar)',
    'get_agent_numbers(bigint)'
  ]::regprocedure[] loop
    execute format('alter function %s set search_path to %s', specified, current_setting('crm.private_path'));
    execute format('revoke all on function %s from public, anon, authenticated, service_role', specified);
    execute format('grant execute on function %s to authenticated, service_role', specified);
  end loop;
  perform set_config('search_path', current_setting('crm.private_path'), true);
end
$$;

create or replace function try_to_create_agent(user_id uuid, agent_prefix varchar, created_by uuid)
returns table (agent jsonb, success boolean, message text, reason text, other_prefix text)
language plpgsql
security definer
set search_path from current
set lock_timeout = '30s'
as $$
#variable_conflict use_column
declare
  taken text;
begin
  perform require_admin('create_agent');
  agent := null;
  success := false;
  reason := case
    when is_prefix(try_to_create_agent.agent_prefix::text) is not true then 'malformed_prefix'
    when try_to_create_agent.user_id is null then 'missing_user'
    when try_to_create_agent.created_by is null then 'missing_creator'
    when not exists (select from users u where u.id = try_to_create_agent.user_id) then 'unknown_user'
    when not exists (select from users u where u.id = try_to_create_agent.created_by) then 'unknown_creator'
    when auth.uid() is not null and try_to_create_agent.created_by <> auth.uid() then 'foreign_creator'
  end;
  if reason is null then
    perform enter_provisioning();
    -- All others queue behind this one from here on, and users may hold what it waits for: their rows of agents and of
    -- whatsapp_configuration, a number that they name.
    perform pg_catalog.set_config('lock_timeout', '3s', true);
    lock table agents in share row exclusive mode; -- what is checked now stays so, against plain INSERTs too
    taken := taken_names(try_to_create_agent.agent_prefix::text);
    other_prefix := (select a.agent_prefix from agents a where a.user_id = try_to_create_agent.user_id);
    reason := case
      when exists (select from agents a where a.agent_prefix::text = try_to_create_agent.agent_prefix::text) then 'taken_prefix'
      when other_prefix is not null then 'user_has_agent'
      when taken is not null then 'taken_names'
      when agent_of_tables(try_to_create_agent.agent_prefix::text) is not null then 'remaining_tables'
    end;
  end if;
  if reason is not null then
    message := case reason
      when 'malformed_prefix' then
        'agent_prefix is malformed: use 1 to 20 characters, a lower-case letter, then lower-case letters, digits and'
        ' underscores'
      when 'missing_user' then 'user_id is missing: pass the id of the user who works as this agent'
      when 'missing_creator' then 'created_by is missing: pass the id of the user who makes the agent'
      when 'unknown_user' then
        pg_catalog.format('there is no user %s: insert it into users first', try_to_create_agent.user_id)
      when 'unknown_creator' then
        pg_catalog.format('created_by: there is no user %s: pass the id of an existing user', try_to_create_agent.created_by)
      when 'foreign_creator' then 'created_by must be the signed-in user: pass your own user id'
      when 'taken_prefix' then
        pg_catalog.format('agent_prefix %s is taken by another agent: choose another one', try_to_create_agent.agent_prefix)
      when 'user_has_agent' then
        pg_catalog.format('user %s already has agent %s: a user has at most one; delete that one or pass another user',
          try_to_create_agent.user_id, other_prefix)
      when 'taken_names' then
        pg_catalog.format('agent_prefix %s would need names that are taken (%s): choose another one',
          try_to_create_agent.agent_prefix, taken)
      when 'remaining_tables' then
        pg_catalog.format('tables of a deleted agent still carry agent_prefix %s: commit its deletion first, or call'
          ' drop_agent_tables', try_to_create_agent.agent_prefix)
    end;
    return next;
    return;
  end if;

  -- RETURNING is evaluated before the trigger makes the tables. To read agents after that, the session would load its
  -- triggers once more, which are two for each agent.
  insert into agents as a (agent_prefix, user_id, created_by)
  values (try_to_create_agent.agent_prefix, try_to_create_agent.user_id, try_to_create_agent.created_by)
  returning agent_json(a) into agent;
  if agent_of_tables(try_to_create_agent.agent_prefix::text) is distinct from (agent ->> 'id'::text)::bigint then
    raise exception 'no tables were made for agent %', try_to_create_agent.agent_prefix
      using errcode = 'triggered_action_exception',
        hint = 'Triggers do not fire: set session_replication_role to origin, and enable trigger_create_agent_tables.';
  end if;
  success := true;
  -- Of agents, nothing is read any more: see above.
  message := pg_catalog.format('agent %s created with its tables', try_to_create_agent.agent_prefix);
  select t.message, t.reason
  into message, reason
  from tell_number_left_out(try_to_create_agent.user_id, (agent ->> 'id'::text)::bigint, message) as t;
  return next;
end
$$;
comment on function try_to_create_agent(uuid, varchar, uuid) is 'What create_agent() does, and for programs the reason'
  ' why it was refused, and the prefix of the agent that the user has already.';

create or replace function tell_number_left_out(of_user uuid, of_agent bigint, inout message text, out reason text)
language plpgsql
stable
set search_path from current
as $$
begin
  if exists (
    select
    from whatsapp_configuration c
    join agent_numbers n on n.phone_number_id::text = c.phone_number_id::text
    where c.user_id = of_user and n.agent_id <> of_agent and n.released_at is null
  ) then
    reason := 'taken_number';
    message := pg_catalog.format('%s, but without the number in its user''s WhatsApp configuration: %s', message, taken_number());
  end if;
end
$$;
comment on function tell_number_left_out(uuid, bigint, text) is 'The message of something that was done, with what wasn''t:'
  ' the number in the configuration of an agent''s user is another agent''s, which is the reason then.';

create or replace function agent_json(agent agents) returns jsonb
language plpgsql
stable
set search_path from current
as $$
begin
  return pg_catalog.to_jsonb(agent) || pg_catalog.jsonb_build_object('user', (select pg_catalog.to_jsonb(u) from users u where u.id = agent.user_id));
end
$$;
comment on function agent_json(agents) is 'An agents row as JSON, with its user under the key user.';

create or replace function try_to_update_agent(
  agent_id bigint,
  user_updates jsonb,
  agent_updates jsonb,
  current_user_id uuid
)
returns table (agent jsonb, success boolean, message text, reason text, other_prefix text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
  -- A backend that names somebody does it with their rights.
  asker uuid := case when is_backend() then current_user_id else auth.uid() end;
  by_admin boolean := case
    when asker is null then is_backend()
    else exists (select from users u where u.id = asker and u.role::text = 'admin')
  end;
  old_agent agents;
  old_user users;
begin
  user_updates := coalesce(user_updates, '{}');
  agent_updates := coalesce(agent_updates, '{}');
  if auth.uid() is not null and current_user_id <> auth.uid() then
    raise exception 'current_user_id is not the signed-in user'
      using errcode = 'insufficient_privilege', hint = 'Pass your own user id, or null.';
  end if;
  -- Without a lock first: nobody waits for a row, or holds one, that isn't theirs.
  if not by_admin
    and not exists (select from agents a where a.id = try_to_update_agent.agent_id and a.user_id = asker) then
    raise exception 'only the agent''s own user or an admin may call update_agent_details'
      using errcode = 'insufficient_privilege', hint = 'Sign in as that user or as an admin.';
  end if;
  select *
  into old_agent
  from agents a
  where a.id = try_to_update_agent.agent_id and (by_admin or a.user_id = asker)
  for no key update;
  agent := null;
  success := false;
  if old_agent.id is null then
    reason := 'unknown_agent';
    message := pg_catalog.format('there is no agent with id %s', coalesce(agent_id::text, 'null'));
    return next;
    return;
  end if;
  select * into old_user from users u where u.id = old_agent.user_id for no key update;

  select f.reason, f.message, f.other_prefix
  into reason, message, other_prefix
  from agent_update_refusal(old_agent, old_user, user_updates, agent_updates, by_admin) as f;
  if message is not null then
    return next;
    return;
  end if;

  update users u
  set name = coalesce(user_updates ->> 'name'::text, u.name),
    email = coalesce(user_updates ->> 'email'::text, u.email),
    role = coalesce((user_updates ->> 'role'::text)::role, u.role)
  where u.id = old_user.id and user_updates <> '{}';
  update agents a
  set user_id = (agent_updates ->> 'user_id'::text)::uuid
  where a.id = old_agent.id and agent_updates ->> 'user_id'::text is not null;

  select agent_json(a) into agent from agents a where a.id = old_agent.id;
  success := true;
  message := pg_catalog.format('agent %s updated', old_agent.agent_prefix);
  select t.message, t.reason
  into message, reason
  from tell_number_left_out((agent_updates ->> 'user_id'::text)::uuid, old_agent.id, message) as t;
  return next;
end
$$;
comment on function try_to_update_agent(bigint, jsonb, jsonb, uuid) is 'What update_agent_details() does, and for programs'
  ' the reason why it was refused, and the prefix of the agent that this is about.';

create or replace function agent_update_refusal(
  old_agent agents,
  old_user users,
  user_updates jsonb,
  agent_updates jsonb,
  by_admin boolean,
  out reason text,
  out message text,
  out other_prefix text
)
language plpgsql
stable
set search_path from current
as $$
declare
  agent_row jsonb := pg_catalog.to_jsonb(old_agent);
  user_row jsonb := pg_catalog.to_jsonb(old_user);
  new_user uuid;
  refused text;
begin
  reason := 'invalid_update'; -- unless it is said below
  if pg_catalog.jsonb_typeof(user_updates) <> 'object' then
    message := 'user_updates must be a JSON object';
    return;
  end if;
  if pg_catalog.jsonb_typeof(agent_updates) <> 'object' then
    message := 'agent_updates must be a JSON object';
    return;
  end if;
  if user_updates <> '{}' and old_user.id is null then
    message := pg_catalog.format('agent %s has no user: set user_id in agent_updates first', old_agent.agent_prefix);
    reason := 'agent_without_user';
    other_prefix := old_agent.agent_prefix;
    return;
  end if;

  refused := changed_key(user_row, user_updates, array['name', 'email', 'role']);
  if refused is not null then
    message := pg_catalog.format('user_updates: %s can''t be changed; name, email and role can', refused);
    return;
  end if;
  refused := changed_key(agent_row, agent_updates, array['user_id']);
  if refused is not null then
    message := pg_catalog.format('agent_updates: %s can''t be changed; user_id can', refused);
    return;
  end if;
  if not by_admin then
    refused := coalesce(
      changed_key(user_row, user_updates, array['name']),
      changed_key(agent_row, agent_updates, array[]::text[]));
    if refused is not null then
      message := pg_catalog.format('only an admin changes %s', refused);
      return;
    end if;
  end if;

  refused := (
    select pg_catalog.min(u.key)
    from pg_catalog.jsonb_each(user_updates || agent_updates) as u
    where pg_catalog.jsonb_typeof(u.value) <> 'string' and u.value is distinct from (user_row || agent_row) -> u.key
  );
  if refused is not null then
    message := pg_catalog.format('%s must be a string', refused);
    return;
  end if;
  if pg_catalog.btrim(user_updates ->> 'name'::text) = '' then
    message := 'user_updates: name must not be empty';
    return;
  end if;
  if pg_catalog.length(user_updates ->> 'name'::text) > 255 then
    message := 'user_updates: name is longer than 255 characters';
    return;
  end if;
  if user_updates ->> 'email'::text !~ '^[^@[:space:]]+@[^@[:space:]]+$' then
    message := 'user_updates: email is no e-mail address';
    return;
  end if;
  if pg_catalog.length(user_updates ->> 'email'::text) > 255 then
    message := 'user_updates: email is longer than 255 characters';
    return;
  end if;
  if exists (select from users u where u.email::text = user_updates ->> 'email'::text and u.id <> old_user.id) then
    message := 'user_updates: email belongs to another user';
    reason := 'taken_email';
    return;
  end if;
  if user_updates ->> 'role'::text not in ('admin', 'agent') then
    message := 'user_updates: role must be admin or agent';
    return;
  end if;

  if agent_updates ->> 'user_id'::text !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
    message := 'agent_updates: user_id must be the id of a user';
    return;
  end if;
  new_user := (agent_updates ->> 'user_id'::text)::uuid;
  if new_user is not null and not exists (select from users u where u.id = new_user) then
    message := pg_catalog.format('agent_updates: there is no user %s', new_user);
    reason := 'unknown_user';
    return;
  end if;
  other_prefix := (select a.agent_prefix from agents a where a.user_id = new_user and a.id <> old_agent.id);
  if other_prefix is not null then
    message := pg_catalog.format('agent_updates: user %s already has an agent', new_user);
    reason := 'user_has_agent';
    return;
  end if;
  reason := null;
end
$$;
comment on function agent_update_refusal(agents, users, jsonb, jsonb, boolean) is 'Why update_agent_details() refuses'
  ' these updates, or nulls. Values that stay as they are pass, so a whole row may be sent back.';
-- Of older installations: it gave the message alone.
drop function if exists agent_update_fault(agents, users, jsonb, jsonb, boolean);

create or replace function changed_key(current_row jsonb, updates jsonb, allowed text[]) returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return (
    select pg_catalog.min(u.key)
    from pg_catalog.jsonb_each(updates) as u
    where u.key <> all (allowed) and u.value is distinct from current_row -> u.key
  );
end
$$;
comment on function changed_key(jsonb, jsonb, text[]) is 'The first key that the updates would change although it is not'
  ' allowed, or null.';

create or replace function remove_agent_row_alone(agent_id bigint) returns boolean
language plpgsql
set search_path from current
as $$
declare
  mode_before text := pg_catalog.current_setting('session_replication_role');
  agents_table oid := pg_catalog.to_regclass('agents')::oid;
  home oid := (select c.relnamespace from pg_class c where c.oid = agents_table);
begin
  -- Each agent's foreign key adds a cascade to agents, and a plain DELETE runs them all: thousands of locks. This
  -- agent's tables are dropped anyway, so no cascade has anything to do and they can be silenced, unless the host has
  -- foreign keys or triggers of its own here.
  if exists (
    select
    from pg_trigger t
    join pg_proc p on p.oid = t.tgfoid
    where t.tgrelid = agents_table and not t.tgisinternal
      and p.pronamespace <> pg_catalog.to_regnamespace(pg_catalog.quote_ident(current_schema()))::oid
  ) or exists (
    -- One that fires on DELETE for each foreign key that references agents. As an array: joined, they are looked up one by
    -- one, which takes three times as long.
    select
    from pg_class c
    where c.oid = any (
        array(
          select t.tgconstrrelid
          from pg_trigger t
          where t.tgrelid = agents_table and t.tgisinternal and t.tgtype & 8::smallint <> 0::smallint
        )
      )
      and (c.relnamespace <> home or not exists (select from agent_tables a where a.customers = c.relname::text))
  ) then
    return false;
  end if;
  perform set_replication_role('replica');
  delete from agents a where a.id = remove_agent_row_alone.agent_id;
  perform set_replication_role(mode_before);
  return true;
exception
  when insufficient_privilege then
    return false; -- the owner may not set session_replication_role
end
$$;
comment on function remove_agent_row_alone(bigint) is 'Deletes an agents row without the cascades to all agents'' tables,'
  ' its own among them, or tells that it may not.';

create or replace function set_replication_role(mode text) returns void
language plpgsql
set search_path from current
as $$
begin
  -- Supabase lets its postgres, which is no superuser, run the statement, and refuses it set_config().
  execute pg_catalog.format('set local session_replication_role = %L', mode);
end
$$;
comment on function set_replication_role(text) is 'Sets session_replication_role until the transaction ends, if the owner'
  ' may.';

create or replace function may_silence_cascades() returns boolean
language plpgsql
security definer
set search_path from current
as $$
declare
  mode_before text := pg_catalog.current_setting('session_replication_role');
begin
  perform set_replication_role('replica');
  perform set_replication_role(mode_before);
  return true;
exception
  when insufficient_privilege then
    return false;
end
$$;
comment on function may_silence_cascades() is 'Whether delete_agent() may do without the cascades to all agents'' tables:'
  ' tried in the way in which it does.';

create or replace function remove_agent_row(agent_id bigint) returns void
language plpgsql
set search_path from current
as $$
begin
  delete from agents a where a.id = remove_agent_row.agent_id;
  if not found then
    raise exception 'a trigger on agents has kept the row of agent %', agent_id
      using errcode = 'triggered_action_exception', hint = 'Change that trigger, or drop it.';
  end if;
end
$$;
comment on function remove_agent_row(bigint) is 'Deletes an agents row whose tables are gone, with all triggers.';

create or replace function require_own_agent(agent agents) returns void
language plpgsql
stable
set search_path from current
as $$
begin
  if auth.uid() is null
    or agent.id is null
    or auth.uid() is distinct from agent.user_id and auth.uid() <> agent.created_by
  then
    raise exception 'only the agent''s own user, the user who made it, or an admin may call delete_agent'
      using errcode = 'insufficient_privilege', hint = 'Sign in as one of them.';
  end if;
end
$$;
comment on function require_own_agent(agents) is 'Raises unless the signed-in user works as this agent, or has made it.';

create or replace function require_owner(agent_id bigint, action text) returns void
language plpgsql
stable
set search_path from current
as $$
begin
  if not is_backend() and not is_admin()
    and not exists (select from agents a where a.id = require_owner.agent_id and a.user_id = auth.uid())
  then
    raise exception 'only the agent''s own user or an admin may call %', action
      using errcode = 'insufficient_privilege', hint = 'Sign in as that user or as an admin.';
  end if;
end
$$;
comment on function require_owner(bigint, text) is 'Raises unless the caller is the agent''s own user, an admin or a backend.';

create or replace function try_to_add_member(agent_id bigint, user_id uuid)
returns table (success boolean, message text, reason text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
  agent agents;
begin
  perform require_owner(try_to_add_member.agent_id, 'add_agent_member');
  -- Nobody deletes the agent meanwhile, who would leave the member behind, or gives it to this user.
  select * into agent from agents a where a.id = try_to_add_member.agent_id for key share;
  perform require_owner(try_to_add_member.agent_id, 'add_agent_member');
  reason := case
    when agent.id is null then 'unknown_agent'
    when not exists (select from users u where u.id = try_to_add_member.user_id) then 'unknown_user'
    when agent.user_id = try_to_add_member.user_id then 'own_user'
  end;
  success := reason is null;
  if success then
    insert into agent_members (agent_id, user_id, added_by)
    values (agent.id, try_to_add_member.user_id, (select u.id from users u where u.id = auth.uid()))
    on conflict on constraint agent_members_pkey do nothing;
    reason := case when not found then 'member_already' end;
  end if;
  message := case reason
    when 'unknown_agent' then
      pg_catalog.format('there is no agent with id %s', coalesce(try_to_add_member.agent_id::text, 'null'))
    when 'unknown_user' then
      pg_catalog.format('there is no user %s: insert it into users first', coalesce(try_to_add_member.user_id::text, 'null'))
    when 'own_user' then pg_catalog.format('user %s is the agent''s own user, who needs no membership', try_to_add_member.user_id)
    when 'member_already' then
      pg_catalog.format('user %s is a member of agent %s already', try_to_add_member.user_id, agent.agent_prefix)
    else pg_catalog.format('user %s is a member of agent %s', try_to_add_member.user_id, agent.agent_prefix)
  end;
  return next;
end
$$;
comment on function try_to_add_member(bigint, uuid) is 'What add_agent_member() does, and for programs the reason why it was'
  ' refused, or did nothing.';

create or replace function require_self_or_admin(user_id uuid, action text) returns void
language plpgsql
stable
set search_path from current
as $$
begin
  if not is_backend() and (auth.uid() is null or auth.uid() is distinct from user_id and not is_admin()) then
    raise exception 'only the user concerned or an admin may call %', action
      using errcode = 'insufficient_privilege', hint = 'Pass your own user id, or sign in as an admin.';
  end if;
end
$$;
comment on function require_self_or_admin(uuid, text) is 'Raises unless the caller is this user, an admin or a backend.';

create or replace function try_to_save_whatsapp(
  user_id uuid,
  whatsapp_number varchar,
  webhook_url text,
  api_key text,
  business_account_id varchar,
  phone_number_id varchar
)
returns table (config jsonb, success boolean, message text, reason text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
  violated text;
begin
  perform require_self_or_admin(try_to_save_whatsapp.user_id, 'create_whatsapp_config');
  config := null;
  success := false;
  reason := 'invalid_value'; -- unless it is said below
  if try_to_save_whatsapp.user_id is null then
    message := 'user_id is missing';
  elsif not exists (select from users u where u.id = try_to_save_whatsapp.user_id) then
    reason := 'unknown_user';
    message := pg_catalog.format('there is no user %s: insert it into users first', try_to_save_whatsapp.user_id);
  else
    message := whatsapp_fault(
      try_to_save_whatsapp.whatsapp_number::text,
      try_to_save_whatsapp.webhook_url,
      try_to_save_whatsapp.api_key,
      try_to_save_whatsapp.business_account_id::text,
      try_to_save_whatsapp.phone_number_id::text,
      null::text);
  end if;
  if message is not null then
    return next;
    return;
  end if;

  begin
    -- Also if it is in the configuration already, which nothing then looks at.
    if is_taken(try_to_save_whatsapp.phone_number_id::text, try_to_save_whatsapp.user_id) then
      perform refuse_number();
    end if;
    insert into whatsapp_configuration as w
      (user_id, whatsapp_number, webhook_url, api_key, business_account_id, phone_number_id)
    values (
      try_to_save_whatsapp.user_id,
      try_to_save_whatsapp.whatsapp_number,
      try_to_save_whatsapp.webhook_url,
      try_to_save_whatsapp.api_key,
      try_to_save_whatsapp.business_account_id,
      try_to_save_whatsapp.phone_number_id
    )
    on conflict (user_id) do update
    set whatsapp_number = excluded.whatsapp_number,
      webhook_url = excluded.webhook_url,
      api_key = coalesce(excluded.api_key, w.api_key),
      business_account_id = excluded.business_account_id,
      -- Left out, it isn't given up, which would free it for others: update_whatsapp_config() with an empty one does that.
      phone_number_id = coalesce(excluded.phone_number_id, w.phone_number_id),
      is_active = true
    returning pg_catalog.to_jsonb(w) into config;
    reason := null;
    success := true;
    message := 'WhatsApp configuration saved';
  exception
    when unique_violation or check_violation then
      get stacked diagnostics violated = constraint_name;
      reason := case violated when 'agent_numbers_pkey' then 'taken_number' when 'agent_numbers_limit' then 'too_many_numbers' end;
      if reason is null then
        raise;
      end if;
      message := case reason when 'taken_number' then taken_number() else too_many_numbers() end;
  end;
  return next;
end
$$;
comment on function try_to_save_whatsapp(uuid, varchar, text, text, varchar, varchar) is 'What create_whatsapp_config()'
  ' does, and for programs the reason why it was refused.';

create or replace function try_to_update_whatsapp(
  user_id uuid,
  whatsapp_number varchar,
  webhook_url text,
  api_key text,
  business_account_id varchar,
  phone_number_id varchar,
  is_active boolean,
  verify_token text
)
returns table (config jsonb, success boolean, message text, reason text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
  old_config whatsapp_configuration;
  other agent_numbers;
  violated text;
begin
  perform require_self_or_admin(try_to_update_whatsapp.user_id, 'update_whatsapp_config');
  select * into old_config
  from whatsapp_configuration w
  where w.user_id = try_to_update_whatsapp.user_id
  for no key update;
  config := null;
  success := false;
  reason := 'invalid_value'; -- unless it is said below
  if old_config.id is null then
    reason := 'unknown_configuration';
    message := pg_catalog.format('user %s has no WhatsApp configuration: create it with create_whatsapp_config',
      coalesce(try_to_update_whatsapp.user_id::text, 'null'));
  else
    message := whatsapp_fault(
      coalesce(try_to_update_whatsapp.whatsapp_number, old_config.whatsapp_number)::text,
      coalesce(try_to_update_whatsapp.webhook_url, old_config.webhook_url),
      try_to_update_whatsapp.api_key,
      try_to_update_whatsapp.business_account_id::text,
      try_to_update_whatsapp.phone_number_id::text,
      try_to_update_whatsapp.verify_token);
  end if;
  if message is not null then
    return next;
    return;
  end if;

  begin
    if is_taken(try_to_update_whatsapp.phone_number_id::text, try_to_update_whatsapp.user_id) then
      perform refuse_number();
    end if;
    -- Another of the agent's numbers comes with what it is called.
    if try_to_update_whatsapp.phone_number_id::text <> old_config.phone_number_id::text then
      select n.* into other
      from agent_numbers n
      join agents a on a.id = n.agent_id
      where n.phone_number_id::text = try_to_update_whatsapp.phone_number_id::text and a.user_id = old_config.user_id
        and n.released_at is null;
    end if;
    update whatsapp_configuration w
    set whatsapp_number = coalesce(
        try_to_update_whatsapp.whatsapp_number, nullif(pg_catalog.btrim(other.display_number::text), ''), w.whatsapp_number),
      webhook_url = coalesce(try_to_update_whatsapp.webhook_url, w.webhook_url),
      api_key = coalesce(try_to_update_whatsapp.api_key, w.api_key),
      business_account_id = coalesce(
        try_to_update_whatsapp.business_account_id, other.business_account_id, w.business_account_id),
      phone_number_id = coalesce(try_to_update_whatsapp.phone_number_id, w.phone_number_id),
      is_active = coalesce(try_to_update_whatsapp.is_active, w.is_active),
      verify_token = coalesce(try_to_update_whatsapp.verify_token, w.verify_token)
    where w.id = old_config.id
    returning pg_catalog.to_jsonb(w) into config;
    reason := null;
    success := true;
    message := 'WhatsApp configuration updated';
  exception
    when unique_violation or check_violation then
      get stacked diagnostics violated = constraint_name;
      reason := case violated when 'agent_numbers_pkey' then 'taken_number' when 'agent_numbers_limit' then 'too_many_numbers' end;
      if reason is null then
        raise;
      end if;
      message := case reason when 'taken_number' then taken_number() else too_many_numbers() end;
  end;
  return next;
end
$$;
comment on function try_to_update_whatsapp(uuid, varchar, text, text, varchar, varchar, boolean, text) is 'What'
  ' update_whatsapp_config() does, and for programs the reason why it was refused.';

-- Of older installations, in which a number was a configuration's.
drop function if exists holder_of_number(text, uuid);
drop function if exists taken_number(uuid);

create or replace function has_number(agent_id bigint, phone_number_id text) returns boolean
language plpgsql
stable
set search_path from current
as $$
begin
  return exists (
    select
    from agent_numbers n
    where n.phone_number_id::text = has_number.phone_number_id and n.agent_id = has_number.agent_id and n.released_at is null
  );
end
$$;
comment on function has_number(bigint, text) is 'Whether the agent has the number, active or not.';

create or replace function hold_number(agent_id bigint, phone_number_id text) returns boolean
language plpgsql
set search_path from current
as $$
begin
  if not has_number(hold_number.agent_id, hold_number.phone_number_id) then
    return false;
  end if;
  -- Of this agent's user alone: others may name it, too, who named it first, and hold their own rows for as long as they like.
  perform
  from whatsapp_configuration c
  where c.user_id = (select a.user_id from agents a where a.id = hold_number.agent_id)
    and c.phone_number_id::text = hold_number.phone_number_id
  for no key update;
  perform
  from agent_numbers n
  where n.phone_number_id::text = hold_number.phone_number_id and n.agent_id = hold_number.agent_id and n.released_at is null
  for no key update;
  return found;
end
$$;
comment on function hold_number(bigint, text) is 'Whether the agent has the number, and locks it in the order of locks, before'
  ' its configuration gives it up: one that is given up or moved meanwhile isn''t the agent''s any more.';

create or replace function missing_number(agent_id bigint) returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return pg_catalog.format('agent %s has no such number: get_agent_numbers lists those that it has', coalesce(agent_id::text, 'null'));
end
$$;
comment on function missing_number(bigint) is 'The message that a number is not this agent''s.';

-- Ahead of the number itself, in the order in which whoever saves a configuration takes the two.
create or replace function clear_configured_number(agent_id bigint, phone_number_id text) returns void
language plpgsql
set search_path from current
as $$
begin
  update whatsapp_configuration c
  set phone_number_id = null
  where c.user_id = (select a.user_id from agents a where a.id = clear_configured_number.agent_id)
    and c.phone_number_id::text = clear_configured_number.phone_number_id;
end
$$;
comment on function clear_configured_number(bigint, text) is 'Takes a number out of the configuration of the agent''s user.';

create or replace function number_fault(display_number text, business_account_id text, label text) returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return case
    when pg_catalog.length(display_number) > 20 then 'display_number is longer than 20 characters'
    when pg_catalog.length(business_account_id) > 100 then 'business_account_id is longer than 100 characters'
    when pg_catalog.length(label) > 100 then 'label is longer than 100 characters'
  end;
end
$$;
comment on function number_fault(text, text, text) is 'What is wrong with how people call a number, or null.';
-- Of older installations.
drop function if exists number_fault(text, text, text, text);

create or replace function number_json(agent_id bigint, phone_number_id text) returns jsonb
language plpgsql
stable
set search_path from current
as $$
begin
  return (
    select pg_catalog.to_jsonb(n) - array['user_id', 'released_at']::text[]
    from agent_numbers n
    where n.phone_number_id::text = number_json.phone_number_id and n.agent_id = number_json.agent_id
      and n.released_at is null
  );
end
$$;
comment on function number_json(bigint, text) is 'A number of this agent as JSON, without what only replaying asks for; null if it'
  ' has no such number.';
-- Of older installations, which told whoever asked of another agent's.
drop function if exists number_json(text);

create or replace function try_to_add_number(
  agent_id bigint,
  phone_number_id varchar,
  display_number varchar,
  business_account_id varchar,
  label varchar
)
returns table (number jsonb, success boolean, message text, reason text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
  agent agents;
begin
  perform require_owner(try_to_add_number.agent_id, 'add_agent_number');
  -- Nobody deletes the agent meanwhile, who would leave the number behind.
  select * into agent from agents a where a.id = try_to_add_number.agent_id for key share;
  perform require_owner(try_to_add_number.agent_id, 'add_agent_number');
  success := false;
  message := coalesce(
    case
      when coalesce(pg_catalog.btrim(try_to_add_number.phone_number_id::text), '') = '' then 'phone_number_id is missing'
      else number_id_fault(try_to_add_number.phone_number_id::text)
    end,
    number_fault(try_to_add_number.display_number::text, try_to_add_number.business_account_id::text,
      try_to_add_number.label::text));
  number := number_json(agent.id, try_to_add_number.phone_number_id::text);
  if agent.id is null then
    reason := 'unknown_agent';
    message := pg_catalog.format('there is no agent with id %s', coalesce(try_to_add_number.agent_id::text, 'null'));
  elsif message is not null then
    number := null;
    reason := 'invalid_value';
  elsif number is not null then
    reason := 'number_already';
    message := pg_catalog.format('agent %s has this number already', agent.agent_prefix);
  elsif has_all_numbers(agent.id) then
    reason := 'too_many_numbers';
    message := too_many_numbers();
  elsif not claim_number(try_to_add_number.phone_number_id::text, agent.id, agent.user_id,
    try_to_add_number.business_account_id::text, try_to_add_number.display_number::text, true)
  then
    reason := 'taken_number';
    message := taken_number();
  else
    update agent_numbers n
    set label = try_to_add_number.label
    where n.phone_number_id::text = try_to_add_number.phone_number_id::text;
    number := number_json(agent.id, try_to_add_number.phone_number_id::text);
    success := true;
    message := pg_catalog.format('number added to agent %s', agent.agent_prefix);
  end if;
  return next;
end
$$;
comment on function try_to_add_number(bigint, varchar, varchar, varchar, varchar) is 'What add_agent_number() does, and for'
  ' programs the reason why it was refused, or did nothing.';

create or replace function try_to_update_number(
  agent_id bigint,
  phone_number_id varchar,
  display_number varchar,
  business_account_id varchar,
  label varchar,
  is_active boolean
)
returns table (number jsonb, success boolean, message text, reason text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
  perform require_owner(try_to_update_number.agent_id, 'update_agent_number');
  success := false;
  message := number_fault(try_to_update_number.display_number::text, try_to_update_number.business_account_id::text,
    try_to_update_number.label::text);
  if message is not null then
    reason := 'invalid_value';
  elsif not has_number(try_to_update_number.agent_id, try_to_update_number.phone_number_id::text) then
    reason := 'unknown_number';
    message := missing_number(try_to_update_number.agent_id);
  else
    -- First the configuration: see clear_configured_number().
    update whatsapp_configuration c
    set whatsapp_number = coalesce(nullif(pg_catalog.btrim(try_to_update_number.display_number), ''), c.whatsapp_number),
      business_account_id = coalesce(try_to_update_number.business_account_id, c.business_account_id)
    where c.user_id = (select a.user_id from agents a where a.id = try_to_update_number.agent_id)
      and c.phone_number_id::text = try_to_update_number.phone_number_id::text
      and (
        nullif(pg_catalog.btrim(try_to_update_number.display_number), '') <> c.whatsapp_number::text
        or try_to_update_number.business_account_id::text is distinct from c.business_account_id::text
          and try_to_update_number.business_account_id is not null
      );
    update agent_numbers n
    set display_number = coalesce(try_to_update_number.display_number, n.display_number),
      business_account_id = coalesce(try_to_update_number.business_account_id, n.business_account_id),
      label = coalesce(try_to_update_number.label, n.label),
      is_active = coalesce(try_to_update_number.is_active, n.is_active)
    where n.phone_number_id::text = try_to_update_number.phone_number_id::text
      and n.agent_id = try_to_update_number.agent_id and n.released_at is null;
    -- Another session may have given it to another agent since has_number() looked.
    success := found;
    reason := case when not success then 'unknown_number' end;
    number := number_json(try_to_update_number.agent_id, try_to_update_number.phone_number_id::text);
    message := case when success then 'number updated' else missing_number(try_to_update_number.agent_id) end;
  end if;
  return next;
end
$$;
comment on function try_to_update_number(bigint, varchar, varchar, varchar, varchar, boolean) is 'What update_agent_number()'
  ' does, and for programs the reason why it was refused.';

create or replace function try_to_move_number(agent_id bigint, phone_number_id varchar, new_agent_id bigint)
returns table (number jsonb, success boolean, message text, reason text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
  agent agents;
begin
  perform require_admin('move_agent_number');
  -- Nobody deletes the agent meanwhile, who would leave the number behind.
  select * into agent from agents a where a.id = try_to_move_number.new_agent_id for key share;
  success := false;
  if not has_number(try_to_move_number.agent_id, try_to_move_number.phone_number_id::text) then
    reason := 'unknown_number';
    message := missing_number(try_to_move_number.agent_id);
  elsif agent.id is null then
    reason := 'unknown_agent';
    message := pg_catalog.format('there is no agent with id %s', coalesce(try_to_move_number.new_agent_id::text, 'null'));
  elsif agent.id = try_to_move_number.agent_id then
    number := number_json(agent.id, try_to_move_number.phone_number_id::text);
    success := number is not null;
    reason := case when not success then 'unknown_number' end;
    message := case when not success then missing_number(agent.id) else 'it is that agent''s number already' end;
  else
    success := hold_number(try_to_move_number.agent_id, try_to_move_number.phone_number_id::text);
    if success then
      perform clear_configured_number(try_to_move_number.agent_id, try_to_move_number.phone_number_id::text);
      update agent_numbers n
      set agent_id = agent.id, user_id = agent.user_id, since = clock_timestamp(), released_at = null
      where n.phone_number_id::text = try_to_move_number.phone_number_id::text;
    end if;
    reason := case when not success then 'unknown_number' end;
    number := number_json(agent.id, try_to_move_number.phone_number_id::text);
    message := case
      when success then pg_catalog.format('number moved to agent %s', agent.agent_prefix)
      else missing_number(try_to_move_number.agent_id)
    end;
  end if;
  return next;
end
$$;
comment on function try_to_move_number(bigint, varchar, bigint) is 'What move_agent_number() does, and for programs the reason'
  ' why it was refused.';

create or replace function number_for_answer(agent_id bigint, wanted text) returns text
language plpgsql
stable
security definer
set search_path from current
as $$
begin
  if not is_backend() and not owns_agent(number_for_answer.agent_id) then
    raise exception 'only who may read the agent''s messages may call number_for_answer'
      using errcode = 'insufficient_privilege', hint = 'Sign in as the agent''s user or one of its members.';
  end if;
  return (
    select n.phone_number_id::text
    from agent_numbers n
    where n.agent_id = number_for_answer.agent_id and n.released_at is null and n.is_active
    order by
      n.phone_number_id::text = wanted desc nulls last,
      exists (
        select
        from agents a
        join whatsapp_configuration c on c.user_id = a.user_id
        where a.id = n.agent_id and c.phone_number_id::text = n.phone_number_id::text
      ) desc,
      n.phone_number_id collate "C"
    limit 1
  );
end
$$;
comment on function number_for_answer(bigint, text) is 'Through which of the agent''s active numbers an answer goes: the wanted'
  ' one, else that of its user''s configuration, else the first; null if there is none. Called by crm-core.';

create or replace function whatsapp_fault(
  whatsapp_number text,
  webhook_url text,
  api_key text,
  business_account_id text,
  phone_number_id text,
  verify_token text
)
returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return case
    when coalesce(pg_catalog.btrim(whatsapp_number), '') = '' then 'whatsapp_number is missing'
    when pg_catalog.length(whatsapp_number) > 20 then 'whatsapp_number is longer than 20 characters'
    when coalesce(pg_catalog.btrim(webhook_url), '') = '' then 'webhook_url is missing'
    when pg_catalog.length(webhook_url) > 2000 then 'webhook_url is longer than 2000 characters'
    when pg_catalog.length(api_key) > 4000 then 'api_key is longer than 4000 characters'
    when pg_catalog.length(verify_token) > 1000 then 'verify_token is longer than 1000 characters'
    when pg_catalog.length(business_account_id) > 100 then 'business_account_id is longer than 100 characters'
    else number_id_fault(nullif(phone_number_id, ''))
  end;
end
$$;
comment on function whatsapp_fault(text, text, text, text, text, text) is 'What is wrong with the values of a WhatsApp'
  ' configuration, or null.';
-- Of older installations: it knew no bounds of secrets.
drop function if exists whatsapp_fault(text, text, text, text);

revoke all on function try_to_create_agent(uuid, varchar, uuid), tell_number_left_out(uuid, bigint, text), agent_json(agents),
  try_to_update_agent(bigint, jsonb, jsonb, uuid), agent_update_refusal(agents, users, jsonb, jsonb, boolean),
  changed_key(jsonb, jsonb, text[]), remove_agent_row_alone(bigint), set_replication_role(text),
  may_silence_cascades(), remove_agent_row(bigint),
  require_own_agent(agents), require_owner(bigint, text), try_to_add_member(bigint, uuid),
  require_self_or_admin(uuid, text), whatsapp_fault(text, text, text, text, text, text),
  try_to_save_whatsapp(uuid, varchar, text, text, varchar, varchar),
  try_to_update_whatsapp(uuid, varchar, text, text, varchar, varchar, boolean, text), has_number(bigint, text), hold_number(bigint, text),
  missing_number(bigint), clear_configured_number(bigint, text), number_fault(text, text, text), number_json(bigint, text),
  try_to_add_number(bigint, varchar, varchar, varchar, varchar),
  try_to_update_number(bigint, varchar, varchar, varchar, varchar, boolean), try_to_move_number(bigint, varchar, bigint),
  number_for_answer(bigint, text)
  from public, anon, authenticated, service_role;
-- Each checks its caller, as the specified function does that calls it.
grant execute on function try_to_create_agent(uuid, varchar, uuid), try_to_update_agent(bigint, jsonb, jsonb, uuid),
  try_to_add_member(bigint, uuid),
  try_to_save_whatsapp(uuid, varchar, text, text, varchar, varchar),
  try_to_update_whatsapp(uuid, varchar, text, text, varchar, varchar, boolean, text),
  try_to_add_number(bigint, varchar, varchar, varchar, varchar),
  try_to_update_number(bigint, varchar, varchar, varchar, varchar, boolean), try_to_move_number(bigint, varchar, bigint),
  number_for_answer(bigint, text)
  to authenticated, service_role;

commit;
