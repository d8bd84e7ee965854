-- Create, update and delete agents and WhatsApp configurations.
--
-- Run by psql into the current schema, after dynamic_table_creation.sql. Run again, it changes nothing.
--
-- All seven functions answer (…, success, message): success = false with what to do where the input can't be accepted.
-- They raise where the caller lacks the right (SQLSTATE 42501), and for what nobody can foresee. They run with the
-- rights of their owner, so each checks its caller first.

-- Settings are saved, fixed for this file and put back at its end. Each function keeps the search_path of the moment
-- it is made, so the same file installs into any schema.
do $$
declare
  private_schema text := case current_schema() when 'public' then 'crm_private' else current_schema() || '_private' end;
begin
  if current_schema() is null then
    raise exception 'there is no schema to install into'
      using errcode = 'invalid_schema_name',
        hint = 'Set search_path to a schema that exists, for example: set search_path = public;';
  end if;
  perform set_config('crm.saved_settings', jsonb_object_agg(name, current_setting(name))::text, false)
  from unnest(array['search_path', 'client_min_messages', 'lock_timeout', 'statement_timeout']) as name;
  perform set_config('crm.schema_path', format('%I, %I, pg_temp', current_schema(), private_schema), false);
  perform set_config('crm.private_path', format('%I, %I, pg_temp', private_schema, current_schema()), false);
  perform set_config('search_path', current_setting('crm.schema_path'), false);
  perform set_config('client_min_messages', 'warning', false);
end
$$;
set lock_timeout = '10s';
set statement_timeout = '10min';

do $$
begin
  perform set_config('search_path', current_setting('crm.private_path'), false);
end
$$;

create or replace function agent_json(agent agents) returns jsonb
language plpgsql
stable
set search_path from current
as $$
begin
  return to_jsonb(agent) || jsonb_build_object('user', (select to_jsonb(u) from users u where u.id = agent.user_id));
end
$$;
comment on function agent_json(agents) is 'An agents row as JSON, with its user under the key user.';
drop function if exists agent_json(bigint); -- which read the row once more

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

create or replace function changed_key(current_row jsonb, updates jsonb, allowed text[]) returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return (
    select min(u.key)
    from jsonb_each(updates) as u
    where u.key <> all (allowed) and u.value is distinct from current_row -> u.key
  );
end
$$;
comment on function changed_key(jsonb, jsonb, text[]) is 'The first key that the updates would change although it is not'
  ' allowed, or null.';

create or replace function agent_update_fault(
  old_agent agents,
  old_user users,
  user_updates jsonb,
  agent_updates jsonb,
  by_admin boolean
)
returns text
language plpgsql
stable
set search_path from current
as $$
declare
  agent_row jsonb := to_jsonb(old_agent);
  user_row jsonb := to_jsonb(old_user);
  new_user uuid;
  refused text;
begin
  if jsonb_typeof(user_updates) <> 'object' then
    return 'user_updates must be a JSON object';
  end if;
  if jsonb_typeof(agent_updates) <> 'object' then
    return 'agent_updates must be a JSON object';
  end if;
  if user_updates <> '{}' and old_user.id is null then
    return format('agent %s has no user: set user_id in agent_updates first', old_agent.agent_prefix);
  end if;

  refused := changed_key(user_row, user_updates, array['name', 'email', 'role']);
  if refused is not null then
    return format('user_updates: %s can''t be changed; name, email and role can', refused);
  end if;
  refused := changed_key(agent_row, agent_updates, array['user_id']);
  if refused is not null then
    return format('agent_updates: %s can''t be changed; user_id can', refused);
  end if;
  if not by_admin then
    refused := coalesce(
      changed_key(user_row, user_updates, array['name']),
      changed_key(agent_row, agent_updates, array[]::text[]));
    if refused is not null then
      return format('only an admin changes %s', refused);
    end if;
  end if;

  refused := (
    select min(u.key)
    from jsonb_each(user_updates || agent_updates) as u
    where jsonb_typeof(u.value) <> 'string' and u.value is distinct from (user_row || agent_row) -> u.key
  );
  if refused is not null then
    return format('%s must be a string', refused);
  end if;
  if btrim(user_updates ->> 'name') = '' then
    return 'user_updates: name must not be empty';
  end if;
  if length(user_updates ->> 'name') > 255 then
    return 'user_updates: name is longer than 255 characters';
  end if;
  if user_updates ->> 'email' !~ '^[^@\s]+@[^@\s]+$' then
    return 'user_updates: email is no e-mail address';
  end if;
  if length(user_updates ->> 'email') > 255 then
    return 'user_updates: email is longer than 255 characters';
  end if;
  if exists (select from users u where u.email = user_updates ->> 'email' and u.id <> old_user.id) then
    return 'user_updates: email belongs to another user';
  end if;
  if user_updates ->> 'role' not in ('admin', 'agent') then
    return 'user_updates: role must be admin or agent';
  end if;

  if agent_updates ->> 'user_id' !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
    return 'agent_updates: user_id must be the id of a user';
  end if;
  new_user := (agent_updates ->> 'user_id')::uuid;
  if new_user is not null and not exists (select from users u where u.id = new_user) then
    return format('agent_updates: there is no user %s', new_user);
  end if;
  if exists (select from agents a where a.user_id = new_user and a.id <> old_agent.id) then
    return format('agent_updates: user %s already has an agent', new_user);
  end if;
  return null;
end
$$;
comment on function agent_update_fault(agents, users, jsonb, jsonb, boolean) is 'Why update_agent_details() refuses these'
  ' updates, or null. Values that stay as they are pass, so a whole row may be sent back.';

create or replace function remove_agent_row_alone(agent_id bigint) returns boolean
language plpgsql
set search_path from current
as $$
declare
  mode_before text := current_setting('session_replication_role');
begin
  -- Each agent's foreign key adds a cascade to agents, and a plain DELETE runs them all: thousands of locks. This
  -- agent's tables are dropped anyway, so no cascade has anything to do and they can be silenced, unless the host has
  -- foreign keys or triggers of its own here.
  if exists (
    select
    from pg_trigger t
    where t.tgrelid = 'agents'::regclass
      and case
        when t.tgisinternal then
          -- One that fires on DELETE for each foreign key that references agents.
          t.tgtype & 8 <> 0
          and t.tgconstrrelid <> 0
          and not exists (select from agent_tables a where a.customers = t.tgconstrrelid)
        else
          t.tgname not in ('keep_agent_identity', 'refuse_unqueued_change', 'trigger_create_agent_tables',
            'drop_tables_of_deleted_agent')
      end
  ) then
    return false;
  end if;
  perform set_config('session_replication_role', 'replica', true);
  delete from agents a where a.id = remove_agent_row_alone.agent_id;
  perform set_config('session_replication_role', mode_before, true);
  return true;
exception
  when insufficient_privilege then
    return false; -- the owner may not set session_replication_role
end
$$;
comment on function remove_agent_row_alone(bigint) is 'Deletes an agents row without the cascades to all agents'' tables,'
  ' its own among them, or tells that it may not.';

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

create or replace function whatsapp_fault(
  whatsapp_number text,
  webhook_url text,
  business_account_id text,
  phone_number_id text
)
returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return case
    when coalesce(btrim(whatsapp_number), '') = '' then 'whatsapp_number is missing'
    when length(whatsapp_number) > 20 then 'whatsapp_number is longer than 20 characters'
    when coalesce(btrim(webhook_url), '') = '' then 'webhook_url is missing'
    when length(business_account_id) > 100 then 'business_account_id is longer than 100 characters'
    when length(phone_number_id) > 100 then 'phone_number_id is longer than 100 characters'
  end;
end
$$;
comment on function whatsapp_fault(text, text, text, text) is 'What is wrong with the values of a WhatsApp configuration,'
  ' or null.';

-- Webhooks -----------------------------------------------------------------------------------------------------------

-- They write what the extension whatsapp_webhooks of crm-core has made for each agent. They run with the rights of whoever
-- calls them, so row level security decides which agent that can be.

create or replace function require_webhook_route(phone_number_id text, agent_prefix text) returns void
language plpgsql
set search_path from current
as $$
begin
  -- Before agents is read: see enter_agent().
  perform pg_advisory_xact_lock_shared(hashtextextended(agent_prefix, 'agents'::regclass::oid::bigint));
  -- Two active configurations are one too many. crm-core, which looks agents up by the same rule, tells why.
  if array(
    select a.agent_prefix::text
    from whatsapp_configuration c
    left join agents a on a.user_id = c.user_id
    where c.phone_number_id = require_webhook_route.phone_number_id and c.is_active
  ) is distinct from array[agent_prefix] then
    raise exception 'deliveries for this number are not those of agent %', agent_prefix using errcode = 'WA001';
  end if;
end
$$;
comment on function require_webhook_route(text, text) is 'Raises SQLSTATE WA001 unless there is one active WhatsApp'
  ' configuration for this phone_number_id, and its user has this agent.';

create or replace function customers_of_senders(prefix text, senders jsonb, numbers integer[]) returns jsonb
language plpgsql
stable
set search_path from current
as $$
declare
  customers_of jsonb;
begin
  -- What a message has told before comes first: the application may have changed the phone number since.
  execute format(
    'with alias as ('
    '  select s.number, a.kind, a.match_key, a.spellings'
    '  from jsonb_array_elements($1) with ordinality as s (aliases, number)'
    '  cross join jsonb_to_recordset(s.aliases) as a (kind text, match_key text, spellings text[])'
    '  where s.number = any ($2)'
    '),'
    ' found as ('
    '  select a.number, coalesce(known.id, written.id) as id'
    '  from alias a'
    '  left join lateral ('
    '    select i.customer_id as id from %I i where i.match_key = a.match_key and i.kind = a.kind limit 1'
    '  ) as known on true'
    '  left join lateral ('
    '    select c.id from %I c where known.id is null and c.phone = any (a.spellings) order by c.id limit 1'
    '  ) as written on true'
    '),'
    ' of_sender as ('
    '  select f.number, coalesce(jsonb_agg(distinct f.id) filter (where f.id is not null), ''[]'') as ids'
    '  from found f'
    '  group by f.number'
    ')'
    ' select coalesce(jsonb_object_agg(o.number, o.ids), ''{}'') from of_sender o',
    prefix || '_whatsapp_identities', prefix || '_customers')
  into customers_of
  using senders, numbers;
  return customers_of;
end
$$;
comment on function customers_of_senders(text, jsonb, integer[]) is 'The ids of the customers that each of these senders'
  ' is by one of its phone numbers or user ids: none, one, or several that are to be joined.';

create or replace function follow_senders(prefix text, ids integer[]) returns void
language plpgsql
set search_path from current
as $$
begin
  -- A customer of the application's whose phone number was not known.
  execute format(
    'insert into %I (customer_id, phone)'
    ' select c.id, c.phone'
    ' from %I c'
    ' where c.id = any ($1)'
    '   and exists (select from %I i where i.customer_id = c.id and i.kind = ''user_id'' and i.value = c.phone)'
    ' on conflict (customer_id) do nothing',
    prefix || '_whatsapp_profiles', prefix || '_customers', prefix || '_whatsapp_identities')
  using ids;
  -- By the times of messages, and not by which of them came first.
  execute format(
    'with told as ('
    '  select p.customer_id, c.name = p.name as own_name, c.phone = p.phone as own_phone,'
    '    coalesce(named.name, seen.value) as name, seen.value as phone'
    '  from %1$I p'
    '  join %2$I c on c.id = p.customer_id'
    '  cross join lateral ('
    '    select i.value from %3$I i where i.customer_id = p.customer_id'
    '    order by i.kind = ''user_id'', i.seen_at, i.value collate "C" limit 1'
    '  ) as seen'
    '  left join lateral ('
    '    select i.name from %3$I i where i.customer_id = p.customer_id and i.name is not null'
    '    order by i.named_at, i.name collate "C" limit 1'
    '  ) as named on true'
    '  where p.customer_id = any ($1)'
    '),'
    ' followed as ('
    '  update %2$I c set'
    '    name = case when t.own_name then t.name else c.name end,'
    '    phone = case when t.own_phone then t.phone else c.phone end'
    '  from told t'
    '  where c.id = t.customer_id and (t.own_name and c.name <> t.name or t.own_phone and c.phone <> t.phone)'
    ')'
    ' update %1$I p set'
    '   name = case when t.own_name then t.name end,'
    '   phone = case when t.own_phone then t.phone end'
    ' from told t'
    ' where p.customer_id = t.customer_id',
    prefix || '_whatsapp_profiles', prefix || '_customers', prefix || '_whatsapp_identities')
  using ids;
end
$$;
comment on function follow_senders(text, integer[]) is 'Has the names and phone numbers of customers that were made from'
  ' messages follow what is known of them, unless the application has changed them.';

create or replace function remember_senders(prefix text, senders jsonb, customers_of jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
  changed integer[];
begin
  execute format(
    'with written as ('
    '  insert into %I as t (kind, value, match_key, customer_id, seen_at, name, named_at)'
    '  select a.kind, a.value, a.match_key, ($2 -> s.number::text ->> 0)::integer, a.seen_at, a.name, a.named_at'
    '  from jsonb_array_elements($1) with ordinality as s (aliases, number)'
    '  cross join jsonb_to_recordset(s.aliases) as a ('
    '    kind text, value text, match_key text, seen_at timestamp, name text, named_at timestamp)'
    '  where $2 ? s.number::text'
    '  on conflict (kind, value) do update set'
    '    customer_id = excluded.customer_id,'
    '    seen_at = least(t.seen_at, excluded.seen_at),'
    '    name = case'
    '      when (excluded.named_at, excluded.name collate "C") >= (t.named_at, t.name collate "C") then t.name'
    '      else coalesce(excluded.name, t.name)'
    '    end,'
    '    named_at = least(t.named_at, excluded.named_at)'
    '  where excluded.customer_id <> t.customer_id'
    '    or excluded.seen_at < t.seen_at'
    '    or excluded.named_at is not null and t.named_at is null'
    '    or (excluded.named_at, excluded.name collate "C") < (t.named_at, t.name collate "C")'
    '  returning t.customer_id'
    ')'
    ' select array_agg(distinct w.customer_id) from written w',
    prefix || '_whatsapp_identities')
  into changed
  using senders, customers_of;
  if changed is not null then
    perform follow_senders(prefix, changed);
  end if;
end
$$;
comment on function remember_senders(text, jsonb, jsonb) is 'Keeps by what senders are known. Of the customers of a'
  ' sender, the first counts.';

create or replace function replace_customers(prefix text, lost integer[], kept integer) returns void
language plpgsql
set search_path from current
as $$
declare
  customers regclass := quote_ident(prefix || '_customers')::regclass;
  reference record;
  all_moved boolean := true;
begin
  for reference in
    select n.nspname, c.relname, a.attname,
      -- Rows that a policy hides can't be moved, and deleting the customer would delete them.
      not c.relrowsecurity or exists (
        select
        from pg_policy own
        join pg_policy other on pg_get_expr(other.polqual, other.polrelid) = pg_get_expr(own.polqual, own.polrelid)
        where own.polrelid = customers and other.polrelid = c.oid
      ) as is_seen
    from pg_depend d
    join pg_constraint f on f.oid = d.objid and f.contype = 'f' and f.confrelid = customers
    join pg_class c on c.oid = f.conrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = f.conkey[1]
    where d.classid = 'pg_constraint'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = customers
    group by n.nspname, c.relname, a.attname, c.relrowsecurity, c.oid
    order by n.nspname, c.relname, a.attname
  loop
    begin
      execute format('update %I.%I set %I = $1 where %I = any ($2)',
        reference.nspname, reference.relname, reference.attname, reference.attname)
      using kept, lost;
      all_moved := all_moved and reference.is_seen;
    exception
      when insufficient_privilege or integrity_constraint_violation or unique_violation or check_violation
        or raise_exception
      then
        all_moved := false; -- a table of the application's that allows one row for a customer, for instance
    end;
  end loop;
  if all_moved then
    execute format('delete from %I where id = any ($1)', prefix || '_customers') using lost;
  end if;
end
$$;
comment on function replace_customers(text, integer[], integer) is 'Moves everything that refers to customers to another'
  ' one, and deletes them unless something is left behind that can''t be moved.';

create or replace function join_customers(prefix text, ids integer[]) returns integer
language plpgsql
set search_path from current
as $$
declare
  kept integer;
  lost integer[];
begin
  -- Nobody adds anything to them from here on: a foreign key waits for this lock.
  execute format('select from %I where id = any ($1) order by id for update', prefix || '_customers') using ids;
  -- One that the application has made or renamed, else the oldest.
  execute format(
    'select c.id from %I c left join %I p on p.customer_id = c.id where c.id = any ($1)'
    ' order by c.name is not distinct from p.name, c.id limit 1',
    prefix || '_customers', prefix || '_whatsapp_profiles')
  into kept
  using ids;
  lost := array_remove(ids, kept);
  execute format('delete from %I where customer_id = any ($1)', prefix || '_whatsapp_profiles') using lost;
  perform replace_customers(prefix, lost, kept);
  perform follow_senders(prefix, array[kept]);
  return kept;
end
$$;
comment on function join_customers(text, integer[]) is 'Makes one customer of several that turned out to be one person:'
  ' messages, orders and all else go to the one that stays, whose id is given back.';

create or replace function make_customers(prefix text, senders jsonb, numbers integer[]) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  id_sequence regclass := pg_get_serial_sequence(quote_ident(prefix || '_customers'), 'id')::regclass;
  ids integer[] := array(select nextval(id_sequence)::integer from unnest(numbers));
begin
  -- remember_senders() puts in the name and phone number.
  execute format(
    'insert into %I (id, agent_id, name, phone)'
    ' select n.id, a.id, s.alias ->> ''value'', s.alias ->> ''value'''
    ' from unnest($1, $2) as n (number, id)'
    ' cross join lateral (select $3 -> n.number - 1 -> 0 as alias) as s'
    ' join agents a on a.agent_prefix = $4',
    prefix || '_customers')
  using numbers, ids, senders, prefix;
  execute format('insert into %I (customer_id, name, phone) select id, name, phone from %I where id = any ($1)',
    prefix || '_whatsapp_profiles', prefix || '_customers')
  using ids;
  return (select jsonb_object_agg(n.number, jsonb_build_array(n.id)) from unnest(numbers, ids) as n (number, id));
end
$$;
comment on function make_customers(text, jsonb, integer[]) is 'Makes a customer for each of these senders.';

create or replace function find_or_make_customers(prefix text, senders jsonb, numbers integer[]) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  customers_of jsonb := customers_of_senders(prefix, senders, numbers);
  number text;
  missing integer[];
begin
  if exists (select from jsonb_each(customers_of) as e (number, ids) where e.ids = '[]') then
    -- The locks of CustomersByPhone in crm-core, in an order: the application may be making the same customer.
    perform pg_advisory_xact_lock(l.key)
    from (
      select distinct (a ->> 'lock')::bigint as key
      from jsonb_each(customers_of) as e (number, ids)
      cross join jsonb_array_elements(senders -> (e.number::integer - 1)) as a
      where e.ids = '[]'
      order by key
    ) as l;
    customers_of := customers_of_senders(prefix, senders, numbers);
  end if;

  -- One sender after the other, because what is joined for one may be what another one is.
  loop
    select e.number into number from jsonb_each(customers_of) as e (number, ids)
    where jsonb_array_length(e.ids) > 1
    order by e.number::integer
    limit 1;
    exit when not found;
    perform remember_senders(prefix, senders, jsonb_build_object(number, jsonb_build_array(
      join_customers(prefix, array(select i::integer from jsonb_array_elements_text(customers_of -> number) as i)))));
    customers_of := customers_of_senders(prefix, senders, numbers);
  end loop;

  missing := array(select e.number::integer from jsonb_each(customers_of) as e (number, ids) where e.ids = '[]' order by 1);
  if missing <> '{}' then
    customers_of := customers_of || make_customers(prefix, senders, missing);
  end if;
  perform remember_senders(prefix, senders, customers_of);
  return customers_of;
end
$$;
comment on function find_or_make_customers(text, jsonb, integer[]) is 'The one customer of each of these senders.';

create or replace function forget_message() returns trigger
language plpgsql
set search_path from current
as $$
begin
  new.kind := null;
  new.reply_to := null;
  new.concerns := null;
  new.media_id := null;
  new.mime_type := null;
  new.caption := null;
  new.file_name := null;
  new.sha256 := null;
  new.latitude := null;
  new.longitude := null;
  new.payload := null;
  return new;
end
$$;
comment on function forget_message() is 'Trigger: of a message that was deleted, only the provider''s id stays.';

create or replace function store_webhook_messages(prefix text, messages jsonb, customers_of jsonb) returns void
language plpgsql
set search_path from current
as $$
begin
  -- The ids are taken first, so that one statement can write both tables. Foreign keys are checked at its end.
  execute format(
    'with message as ('
    '  select o.*, nextval($3)::integer as id'
    '  from ('
    '    select m.*, ($2 -> m.sender::text ->> 0)::integer as customer_id'
    '    from jsonb_to_recordset($1) as m ('
    '      provider_id text, sender integer, direction text, text text, sent_at timestamp, kind text, reply_to text,'
    '      concerns text, media_id text, mime_type text, caption text, file_name text, sha256 text, latitude numeric,'
    '      longitude numeric, payload jsonb)'
    '    order by m.sent_at, m.provider_id'
    '  ) as o'
    '),'
    ' delivered as ('
    '  insert into %I (provider_id, message_id, kind, reply_to, concerns, media_id, mime_type, caption, file_name,'
    '    sha256, latitude, longitude, payload)'
    '  select m.provider_id, m.id, m.kind, m.reply_to, m.concerns, m.media_id, m.mime_type, m.caption, m.file_name,'
    '    m.sha256, m.latitude, m.longitude, m.payload'
    '  from message m'
    '  on conflict (provider_id) do nothing'
    '  returning message_id'
    ')'
    ' insert into %I (id, customer_id, message, direction, timestamp)'
    ' select m.id, m.customer_id, m.text, m.direction, m.sent_at'
    ' from delivered d join message m on m.id = d.message_id',
    prefix || '_whatsapp_deliveries', prefix || '_messages')
  using messages, customers_of, pg_get_serial_sequence(quote_ident(prefix || '_messages'), 'id')::regclass;
end
$$;
comment on function store_webhook_messages(text, jsonb, jsonb) is 'Stores messages with their details, unless their'
  ' provider''s ids are there.';

create or replace function merge_webhook_statuses(prefix text, statuses jsonb) returns void
language plpgsql
set search_path from current
as $$
begin
  -- The first time of each state, and the errors of the first failure: the same in whatever order they come.
  execute format(
    'insert into %I as t'
    ' (provider_id, sent_at, delivered_at, read_at, played_at, failed_at, deleted_at, errors)'
    ' select s.provider_id,'
    '   min(s.at) filter (where s.state = ''sent''),'
    '   min(s.at) filter (where s.state = ''delivered''),'
    '   min(s.at) filter (where s.state = ''read''),'
    '   min(s.at) filter (where s.state = ''played''),'
    '   min(s.at) filter (where s.state = ''failed''),'
    '   min(s.at) filter (where s.state = ''deleted''),'
    '   coalesce((array_agg(s.errors order by s.at, s.errors) filter (where s.state = ''failed''))[1], ''[]'')'
    ' from jsonb_to_recordset($1) as s (provider_id text, state text, at timestamp, errors jsonb)'
    ' group by s.provider_id'
    ' order by s.provider_id'
    ' on conflict (provider_id) do update set'
    '   sent_at = least(t.sent_at, excluded.sent_at),'
    '   delivered_at = least(t.delivered_at, excluded.delivered_at),'
    '   read_at = least(t.read_at, excluded.read_at),'
    '   played_at = least(t.played_at, excluded.played_at),'
    '   failed_at = least(t.failed_at, excluded.failed_at),'
    '   deleted_at = least(t.deleted_at, excluded.deleted_at),'
    '   errors = case'
    '     when t.failed_at is null or (excluded.failed_at, excluded.errors) < (t.failed_at, t.errors)'
    '     then excluded.errors'
    '     else t.errors'
    '   end',
    prefix || '_whatsapp_statuses')
  using statuses;
end
$$;
comment on function merge_webhook_statuses(text, jsonb) is 'Adds statuses to those that are there.';

create or replace function store_webhook(prefix text, content jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  fresh jsonb;
  known jsonb;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'webhooks of agent % can''t be stored in a transaction that is not read committed', prefix
      using errcode = 'WA003', hint = 'It could not see what was stored while it waited for its turn.';
  end if;
  -- One at a time for each agent: who a sender is depends on what was stored before.
  perform pg_advisory_xact_lock(hashtextextended('webhooks of ' || prefix, 'agents'::regclass::oid::bigint));

  -- Senders of messages that are there already must not come back after they were deleted.
  execute format(
    'select coalesce(jsonb_agg(m.message), ''[]'') from jsonb_array_elements($1) as m (message)'
    ' where not exists (select from %I d where d.provider_id = m.message ->> ''provider_id'')',
    prefix || '_whatsapp_deliveries')
  into fresh
  using content -> 'messages';
  if fresh <> '[]' then
    perform store_webhook_messages(prefix, fresh, find_or_make_customers(prefix, content -> 'senders', array(
      select distinct (m ->> 'sender')::integer from jsonb_array_elements(fresh) as m)));
  end if;
  if content -> 'statuses' <> '[]' then
    perform merge_webhook_statuses(prefix, content -> 'statuses');
  end if;

  execute format(
    'with concerned as ('
    '  select m ->> ''provider_id'' as provider_id from jsonb_array_elements(($1 -> ''messages'') || ($1 -> ''statuses'')) as m'
    '),'
    ' stored as (select m ->> ''provider_id'' as provider_id from jsonb_array_elements($2) as m)'
    ' select coalesce(jsonb_object_agg(d.provider_id, jsonb_build_object('
    '   ''message_id'', d.message_id, ''stored'', d.provider_id in (select s.provider_id from stored s))), ''{}'')'
    ' from %I d'
    ' where d.provider_id in (select c.provider_id from concerned c)',
    prefix || '_whatsapp_deliveries')
  into known
  using content, fresh;
  return known;
end
$$;
comment on function store_webhook(text, jsonb) is 'Called by crm-core: stores what webhooks tell about an agent, all of it'
  ' or nothing. Gives the messages concerned that are known by the provider''s id: the id here, null if the message was'
  ' deleted, and whether it was stored just now.';

do $$
begin
  perform set_config('search_path', current_setting('crm.schema_path'), false);
end
$$;

-- Predecessors of these functions that took or gave something else: create or replace would fail, or leave a second,
-- ambiguous one. Functions of a host that merely share a name stay.
do $$
declare
  predecessor text;
begin
  for predecessor in
    select p.oid::regprocedure::text
    from pg_proc p
    join (
      values
        ('create_agent', 'uuid, character varying, uuid', 'TABLE(agent jsonb, success boolean, message text)'),
        ('update_agent_details', 'bigint, jsonb, jsonb, uuid', 'TABLE(agent jsonb, success boolean, message text)'),
        ('update_agent_details', 'integer, jsonb, jsonb, uuid', ''),
        ('delete_agent', 'bigint', 'TABLE(success boolean, message text)'),
        ('delete_agent', 'integer', ''),
        ('create_whatsapp_config', 'uuid, character varying, text, text, character varying, character varying',
          'TABLE(config jsonb, success boolean, message text)'),
        ('get_whatsapp_config', 'uuid', 'TABLE(config jsonb, success boolean, message text)'),
        ('update_whatsapp_config', 'uuid, character varying, text, text, character varying, character varying, boolean',
          ''),
        ('update_whatsapp_config',
          'uuid, character varying, text, text, character varying, character varying, boolean, text',
          'TABLE(config jsonb, success boolean, message text)'),
        ('delete_whatsapp_config', 'uuid', 'TABLE(success boolean, message text)')
    ) as expected (name, argument_types, result)
      on p.proname = expected.name and oidvectortypes(p.proargtypes) = expected.argument_types
    where p.pronamespace = quote_ident(current_schema())::regnamespace
      and pg_get_function_result(p.oid) <> expected.result
  loop
    execute 'drop function ' || predecessor;
  end loop;
end
$$;

create or replace function create_agent(user_id uuid, agent_prefix varchar, created_by uuid)
returns table (agent jsonb, success boolean, message text)
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
  message := case
    when create_agent.agent_prefix is null or create_agent.agent_prefix !~ '^[a-z][a-z0-9_]{0,19}$' then
      'agent_prefix is malformed: use 1 to 20 characters, a lower-case letter, then lower-case letters, digits and'
      ' underscores'
    when create_agent.user_id is null then 'user_id is missing: pass the id of the user who works as this agent'
    when create_agent.created_by is null then 'created_by is missing: pass the id of the user who makes the agent'
    when not exists (select from users u where u.id = create_agent.user_id) then
      format('there is no user %s: insert it into users first', create_agent.user_id)
    when not exists (select from users u where u.id = create_agent.created_by) then
      format('created_by: there is no user %s: pass the id of an existing user', create_agent.created_by)
    when auth.uid() is not null and create_agent.created_by <> auth.uid() then
      'created_by must be the signed-in user: pass your own user id'
  end;
  if message is not null then
    return next;
    return;
  end if;

  perform enter_provisioning();
  lock table agents in share row exclusive mode; -- what is checked now stays so, against plain INSERTs too
  taken := taken_names(create_agent.agent_prefix);
  message := case
    when exists (select from agents a where a.agent_prefix = create_agent.agent_prefix) then
      format('agent_prefix %s is taken by another agent: choose another one', create_agent.agent_prefix)
    when exists (select from agents a where a.user_id = create_agent.user_id) then
      format('user %s already has agent %s: a user has at most one; delete that one or pass another user',
        create_agent.user_id, (select a.agent_prefix from agents a where a.user_id = create_agent.user_id))
    when taken is not null then
      format('agent_prefix %s would need names that are taken (%s): choose another one', create_agent.agent_prefix,
        taken)
    when agent_of_tables(create_agent.agent_prefix) is not null then
      format('tables of a deleted agent still carry agent_prefix %s: commit its deletion first, or call'
        ' drop_agent_tables', create_agent.agent_prefix)
  end;
  if message is not null then
    return next;
    return;
  end if;

  -- RETURNING is evaluated before the trigger makes the tables. To read agents after that, the session would load its
  -- triggers once more, which are two for each agent.
  insert into agents as a (agent_prefix, user_id, created_by)
  values (create_agent.agent_prefix, create_agent.user_id, create_agent.created_by)
  returning agent_json(a) into agent;
  success := true;
  message := format('agent %s created with its tables', create_agent.agent_prefix);
  return next;
end
$$;
comment on function create_agent(uuid, varchar, uuid) is 'Creates an agent and its four tables. For admins, in their own'
  ' name, and for backends. Waits its turn behind other creations and deletions.';

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
declare
  by_admin boolean := is_backend() or is_admin();
  old_agent agents;
  old_user users;
begin
  user_updates := coalesce(user_updates, '{}');
  agent_updates := coalesce(agent_updates, '{}');
  if auth.uid() is not null and current_user_id <> auth.uid() then
    raise exception 'current_user_id is not the signed-in user'
      using errcode = 'insufficient_privilege', hint = 'Pass your own user id, or null.';
  end if;
  select * into old_agent from agents a where a.id = update_agent_details.agent_id for no key update;
  if not by_admin and (auth.uid() is null or old_agent.user_id is distinct from auth.uid()) then
    raise exception 'only the agent''s own user or an admin may call update_agent_details'
      using errcode = 'insufficient_privilege', hint = 'Sign in as that user or as an admin.';
  end if;
  if old_agent.id is null then
    agent := null;
    success := false;
    message := format('there is no agent with id %s', coalesce(agent_id::text, 'null'));
    return next;
    return;
  end if;
  select * into old_user from users u where u.id = old_agent.user_id for no key update;

  agent := null;
  success := false;
  message := agent_update_fault(old_agent, old_user, user_updates, agent_updates, by_admin);
  if message is not null then
    return next;
    return;
  end if;

  update users u
  set name = coalesce(user_updates ->> 'name', u.name),
    email = coalesce(user_updates ->> 'email', u.email),
    role = coalesce((user_updates ->> 'role')::role, u.role)
  where u.id = old_user.id and user_updates <> '{}';
  update agents a
  set user_id = (agent_updates ->> 'user_id')::uuid
  where a.id = old_agent.id and agent_updates ->> 'user_id' is not null;

  select agent_json(a) into agent from agents a where a.id = old_agent.id;
  success := true;
  message := format('agent %s updated', old_agent.agent_prefix);
  return next;
end
$$;
comment on function update_agent_details(bigint, jsonb, jsonb, uuid) is 'Changes name, email and role of an agent''s'
  ' user (user_updates) and the agent''s user_id (agent_updates), all or nothing. The user concerned changes the name;'
  ' admins and backends all of it. current_user_id gives no rights: it is null or the signed-in user.';

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
begin
  if not is_backend() and auth.uid() is null then
    raise exception 'only a signed-in user or a backend may call delete_agent'
      using errcode = 'insufficient_privilege', hint = 'Sign in first.';
  end if;
  -- Before agents is read: two deletions that hold ACCESS SHARE on it would block each other for ever.
  perform enter_provisioning();
  select * into old_agent from agents a where a.id = delete_agent.agent_id;
  if not is_backend() and not is_admin()
    and (old_agent.id is null or auth.uid() is distinct from old_agent.user_id and auth.uid() <> old_agent.created_by)
  then
    raise exception 'only the agent''s own user, the user who made it, or an admin may call delete_agent'
      using errcode = 'insufficient_privilege', hint = 'Sign in as one of them.';
  end if;
  if old_agent.id is null then
    success := false;
    message := format('there is no agent with id %s', coalesce(agent_id::text, 'null'));
    return next;
    return;
  end if;

  suffixes := lock_agent_tables(old_agent.agent_prefix, old_agent.id);
  -- Ahead of the tables where that can be: once they are dropped, a statement on agents loads its triggers once more,
  -- which are two for each agent.
  row_is_gone := remove_agent_row_alone(old_agent.id);
  if suffixes is not null then
    perform drop_locked_tables(old_agent.agent_prefix, old_agent.id, suffixes);
  end if;
  if not row_is_gone then
    perform remove_agent_row(old_agent.id);
  end if;
  update whatsapp_configuration w set is_active = false where w.user_id = old_agent.user_id and w.is_active;
  success := true;
  message := format('agent %s and its tables deleted', old_agent.agent_prefix);
  return next;
end
$$;
comment on function delete_agent(bigint) is 'Deletes an agent, drops its tables and deactivates its user''s WhatsApp'
  ' configuration. For the agent''s user, the user who made it, admins and backends. Waits only briefly for the locks'
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
  perform require_self_or_admin(create_whatsapp_config.user_id, 'create_whatsapp_config');
  config := null;
  success := false;
  message := case
    when create_whatsapp_config.user_id is null then 'user_id is missing'
    when not exists (select from users u where u.id = create_whatsapp_config.user_id) then
      format('there is no user %s: insert it into users first', create_whatsapp_config.user_id)
    else whatsapp_fault(create_whatsapp_config.whatsapp_number, create_whatsapp_config.webhook_url,
      create_whatsapp_config.business_account_id, create_whatsapp_config.phone_number_id)
  end;
  if message is not null then
    return next;
    return;
  end if;

  insert into whatsapp_configuration as w
    (user_id, whatsapp_number, webhook_url, api_key, business_account_id, phone_number_id)
  values (
    create_whatsapp_config.user_id,
    create_whatsapp_config.whatsapp_number,
    create_whatsapp_config.webhook_url,
    create_whatsapp_config.api_key,
    create_whatsapp_config.business_account_id,
    create_whatsapp_config.phone_number_id
  )
  on conflict (user_id) do update
  set whatsapp_number = excluded.whatsapp_number,
    webhook_url = excluded.webhook_url,
    api_key = excluded.api_key,
    business_account_id = excluded.business_account_id,
    phone_number_id = excluded.phone_number_id,
    is_active = true
  returning to_jsonb(w) into config;
  success := true;
  message := 'WhatsApp configuration saved';
  return next;
end
$$;
comment on function create_whatsapp_config(uuid, varchar, text, text, varchar, varchar) is 'Saves the WhatsApp'
  ' configuration of a user: one that exists gets all these values and is active again. For the user concerned, admins'
  ' and backends.';

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
    select to_jsonb(w) from whatsapp_configuration w where w.user_id = get_whatsapp_config.user_id and w.is_active
  );
  success := config is not null;
  message := case
    when config is not null then 'WhatsApp configuration found'
    else format('user %s has no active WhatsApp configuration', coalesce(get_whatsapp_config.user_id::text, 'null'))
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
declare
  old_config whatsapp_configuration;
begin
  perform require_self_or_admin(update_whatsapp_config.user_id, 'update_whatsapp_config');
  select * into old_config
  from whatsapp_configuration w
  where w.user_id = update_whatsapp_config.user_id
  for no key update;
  config := null;
  success := false;
  message := case
    when old_config.id is null then
      format('user %s has no WhatsApp configuration: create it with create_whatsapp_config',
        coalesce(update_whatsapp_config.user_id::text, 'null'))
    else whatsapp_fault(
      coalesce(update_whatsapp_config.whatsapp_number, old_config.whatsapp_number),
      coalesce(update_whatsapp_config.webhook_url, old_config.webhook_url),
      update_whatsapp_config.business_account_id,
      update_whatsapp_config.phone_number_id)
  end;
  if message is not null then
    return next;
    return;
  end if;

  update whatsapp_configuration w
  set whatsapp_number = coalesce(update_whatsapp_config.whatsapp_number, w.whatsapp_number),
    webhook_url = coalesce(update_whatsapp_config.webhook_url, w.webhook_url),
    api_key = coalesce(update_whatsapp_config.api_key, w.api_key),
    business_account_id = coalesce(update_whatsapp_config.business_account_id, w.business_account_id),
    phone_number_id = coalesce(update_whatsapp_config.phone_number_id, w.phone_number_id),
    is_active = coalesce(update_whatsapp_config.is_active, w.is_active),
    verify_token = coalesce(update_whatsapp_config.verify_token, w.verify_token)
  where w.id = old_config.id
  returning to_jsonb(w) into config;
  success := true;
  message := 'WhatsApp configuration updated';
  return next;
end
$$;
comment on function update_whatsapp_config(uuid, varchar, text, text, varchar, varchar, boolean, text) is 'Changes the'
  ' given fields of a user''s WhatsApp configuration; null leaves a field as it is. For the user concerned, admins and'
  ' backends.';

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
    else format('user %s has no active WhatsApp configuration', coalesce(delete_whatsapp_config.user_id::text, 'null'))
  end;
  return next;
end
$$;
comment on function delete_whatsapp_config(uuid) is 'Deactivates the WhatsApp configuration of a user; its values stay.'
  ' For the user concerned, admins and backends.';

-- From here on the internal functions come first: a function of the host in this schema may have the same name, and
-- must not be called in place of one of ours.
do $$
begin
  perform set_config('search_path', current_setting('crm.private_path'), false);
end
$$;
alter function create_agent(uuid, varchar, uuid) set search_path from current;
alter function update_agent_details(bigint, jsonb, jsonb, uuid) set search_path from current;
alter function delete_agent(bigint) set search_path from current;
alter function create_whatsapp_config(uuid, varchar, text, text, varchar, varchar) set search_path from current;
alter function get_whatsapp_config(uuid) set search_path from current;
alter function update_whatsapp_config(uuid, varchar, text, text, varchar, varchar, boolean, text)
  set search_path from current;
alter function delete_whatsapp_config(uuid) set search_path from current;

do $$
begin
  revoke all on function agent_json(agents), require_self_or_admin(uuid, text), changed_key(jsonb, jsonb, text[]),
    agent_update_fault(agents, users, jsonb, jsonb, boolean), remove_agent_row_alone(bigint),
    remove_agent_row(bigint), whatsapp_fault(text, text, text, text),
    require_webhook_route(text, text), customers_of_senders(text, jsonb, integer[]),
    remember_senders(text, jsonb, jsonb), follow_senders(text, integer[]),
    replace_customers(text, integer[], integer), join_customers(text, integer[]), make_customers(text, jsonb, integer[]),
    find_or_make_customers(text, jsonb, integer[]), forget_message(), store_webhook_messages(text, jsonb, jsonb),
    merge_webhook_statuses(text, jsonb), store_webhook(text, jsonb)
    from public, anon, authenticated, service_role;
  -- With the caller's own rights, so all of them are the caller's to execute.
  grant execute on function
    customers_of_senders(text, jsonb, integer[]), remember_senders(text, jsonb, jsonb),
    follow_senders(text, integer[]),
    replace_customers(text, integer[], integer), join_customers(text, integer[]), make_customers(text, jsonb, integer[]),
    find_or_make_customers(text, jsonb, integer[]), store_webhook_messages(text, jsonb, jsonb),
    merge_webhook_statuses(text, jsonb), store_webhook(text, jsonb)
    to authenticated, service_role;
  -- For whoever looks up whose a delivery is.
  grant execute on function require_webhook_route(text, text) to service_role;

  revoke all on function
    create_agent(uuid, varchar, uuid),
    update_agent_details(bigint, jsonb, jsonb, uuid),
    delete_agent(bigint),
    create_whatsapp_config(uuid, varchar, text, text, varchar, varchar),
    get_whatsapp_config(uuid),
    update_whatsapp_config(uuid, varchar, text, text, varchar, varchar, boolean, text),
    delete_whatsapp_config(uuid)
    from public, anon, authenticated, service_role;
  grant execute on function
    create_agent(uuid, varchar, uuid),
    update_agent_details(bigint, jsonb, jsonb, uuid),
    delete_agent(bigint),
    create_whatsapp_config(uuid, varchar, text, text, varchar, varchar),
    get_whatsapp_config(uuid),
    update_whatsapp_config(uuid, varchar, text, text, varchar, varchar, boolean, text),
    delete_whatsapp_config(uuid)
    to authenticated, service_role;
end
$$;

do $$
begin
  perform set_config(key, value, false)
  from jsonb_each_text(current_setting('crm.saved_settings')::jsonb);
end
$$;
