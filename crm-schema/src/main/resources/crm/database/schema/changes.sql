begin;
-- The change feed: which rows were written, by whom it concerns, in a ring that never grows.
--
-- Run by psql into the current schema, after extensions.sql. Run again, it changes nothing. CrmSchema.install runs it;
-- changes() of crm-core needs it, besides the triggers that its extension change_feed makes for each agent. Without these,
-- nothing is written.

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

-- The ring. One table to read, in four parts to write: rows go into the current one; when it has been that for slot_time,
-- rotate_changes() empties the next one and makes it the current one. Inheritance instead of partitions, because writing then
-- needs no routing, which costs as much as the row.
create sequence if not exists changes_position as bigint;
create table if not exists changes (
  xid xid8 not null default pg_current_xact_id(),
  position bigint not null default nextval('changes_position'),
  at timestamp with time zone not null default clock_timestamp(),
  agent_id bigint not null,
  topic text not null,
  operation text not null,
  ids bigint[] not null,
  customer_ids bigint[] not null,
  constraint changes_pkey primary key (xid, position)
);
comment on table changes is 'What statements have written, a row each, or one for each thousand rows: ids, never texts. It keeps'
  ' itself small; whoever reads it by a cursor that is too old is told.';
comment on column changes.xid is 'The transaction: what is visible of it in one snapshot and was not in another is new between'
  ' these.';
comment on column changes.topic is 'The table''s name without the prefix; deliveries for those of WhatsApp''s side of messages;'
  ' agents when an agent is gone.';
comment on column changes.operation is 'INSERT, UPDATE, DELETE, or TRUNCATE.';
comment on column changes.ids is 'Of the rows; of deliveries, those of the messages. Empty if rows are known by their customers,'
  ' and where a table was truncated.';
comment on column changes.customer_ids is 'Whose they are: before and after.';

do $$
declare
  slot integer;
  part text;
begin
  for slot in 0..3 loop
    part := 'changes_' || slot::text;
    execute format('create table if not exists %I (constraint %I primary key (xid, position)) inherits (changes)',
      part, part || '_pkey');
    execute format('create index if not exists %I on %I (agent_id, xid, position)', part || '_agent_idx', part);
    execute format('comment on table %I is %L', part, 'A part of changes; emptied when its turn comes.');
    if not (select relrowsecurity from pg_class where oid = part::regclass::oid) then
      execute format('alter table %I enable row level security', part);
    end if;
    if not exists (select from pg_policy where polrelid = part::regclass::oid and polname = (part || '_select')::name) then
      execute format('create policy %I on %I for select to service_role using (true)', part || '_select', part);
      execute format('comment on policy %I on %I is %L', part || '_select', part,
        'Nobody has the right: they are read as changes.');
    end if;
    execute format('revoke all on %I from public, anon, authenticated, service_role', part);
  end loop;
  if not (select relrowsecurity from pg_class where oid = 'changes'::regclass::oid) then
    alter table changes enable row level security;
  end if;
  if not exists (select from pg_policy where polrelid = 'changes'::regclass::oid and polname = 'changes_select') then
    create policy changes_select on changes for select to authenticated using (owns_agent(agent_id));
    comment on policy changes_select on changes is 'Users see what concerns their agents. By row: there are rows of all agents.';
  end if;
  if not exists (select from pg_policy where polrelid = 'changes'::regclass::oid and polname = 'changes_service') then
    create policy changes_service on changes for select to service_role using (true);
    comment on policy changes_service on changes is 'Backends may look; only triggers write.';
  end if;
end
$$;
revoke all on changes from public, anon, authenticated, service_role;
revoke all on sequence changes_position from public, anon, authenticated, service_role;
grant select on changes to authenticated, service_role;

create table if not exists change_ring (
  is_only boolean not null default true,
  system_identifier bigint not null,
  slot bigint not null default 0,
  began timestamp with time zone not null default now(),
  slot_time interval not null default '12 hours',
  closed pg_snapshot[] not null default array_fill(null::pg_snapshot, array[4]),
  waiting pg_snapshot,
  waiting_since timestamp with time zone,
  lost pg_snapshot,
  broadcasts boolean not null default false,
  constraint change_ring_pkey primary key (is_only),
  constraint change_ring_is_only_check check (is_only),
  constraint change_ring_slot_check check (slot between 0 and 3),
  constraint change_ring_slot_time_check check (slot_time >= '1 minute')
);
comment on table change_ring is 'Where the ring stands. slot_time may be changed: three to four times as long, rows are kept.';
comment on column change_ring.system_identifier is 'Of the cluster whose transactions the rows name. In another one, where a dump'
  ' was restored, they mean nothing.';
comment on column change_ring.closed is 'What was visible when each part was last left.';
comment on column change_ring.waiting is 'What was visible when the next part could not be emptied yet, for rows that had only just'
  ' been committed.';
comment on column change_ring.lost is 'All that was ever emptied is visible in it. A cursor that does not know all of it may have'
  ' missed something.';
comment on column change_ring.broadcasts is 'Whether changes are handed to Supabase''s Realtime as well: see broadcast_changes().';
insert into change_ring (system_identifier)
select s.system_identifier from pg_control_system() s
on conflict on constraint change_ring_pkey do nothing;

create table if not exists change_consumers (
  agent_id bigint not null,
  holder text not null,
  name text not null,
  place text not null,
  moved_at timestamp with time zone not null default now(),
  constraint change_consumers_pkey primary key (agent_id, holder, name),
  constraint change_consumers_name_check check (name ~ '^[a-zA-Z0-9_.-]{1,60}$')
);
comment on table change_consumers is 'How far each consumer of the feed has come. Written by take_changes().';
comment on column change_consumers.agent_id is '0 of those that read all agents'' changes.';
comment on column change_consumers.holder is 'Who moves it: service, the backends; agent, its user, whoever that is; else the id'
  ' of a member or an admin.';
comment on column change_consumers.place is 'A cursor, as read_changes() gives it.';

do $$
declare
  internal_table name;
begin
  foreach internal_table in array array['change_ring', 'change_consumers'] loop
    if not (select relrowsecurity from pg_class where oid = internal_table::regclass::oid) then
      execute format('alter table %I enable row level security', internal_table);
    end if;
    if not exists (
      select from pg_policy where polrelid = internal_table::regclass::oid and polname = internal_table::text || '_select'
    ) then
      execute format('create policy %I on %I for select to service_role using (true)',
        internal_table::text || '_select', internal_table);
      execute format('comment on policy %I on %I is %L', internal_table::text || '_select', internal_table,
        'Backends may look; only functions write.');
    end if;
  end loop;
end
$$;
revoke all on change_ring, change_consumers from public, anon, authenticated, service_role;
grant select on change_ring, change_consumers to service_role;

-- Writing. Each trigger function gathers the ids of its table's rows; all else is done here.
create or replace function write_changes(
  agent_id bigint,
  topic text,
  operation text,
  ids bigint[],
  customer_ids bigint[]
)
returns void
language plpgsql
set search_path from current
as $$
declare
  -- So that no row gets too long for one page of whoever reads it.
  portion constant integer := 1000;
  all_ids bigint[] := coalesce(ids, '{}');
  all_customers bigint[] := coalesce(customer_ids, '{}');
  size integer := greatest(pg_catalog.cardinality(ids), pg_catalog.cardinality(customer_ids), 1);
  part bigint;
  has_broadcast boolean;
begin
  select r.slot, r.broadcasts into part, has_broadcast from change_ring r;
  for beginning in 1..size by portion loop
    if size > 1 then
      all_ids := array(select distinct u.id from pg_catalog.unnest(ids[beginning:beginning + portion - 1]) as u (id) order by u.id);
      all_customers := array(
        select distinct u.id from pg_catalog.unnest(customer_ids[beginning:beginning + portion - 1]) as u (id) order by u.id);
    end if;
    -- Static statements, which are planned once in a session.
    case part
      when 0 then
        insert into changes_0 (agent_id, topic, operation, ids, customer_ids)
        values (write_changes.agent_id, write_changes.topic, write_changes.operation, all_ids, all_customers);
      when 1 then
        insert into changes_1 (agent_id, topic, operation, ids, customer_ids)
        values (write_changes.agent_id, write_changes.topic, write_changes.operation, all_ids, all_customers);
      when 2 then
        insert into changes_2 (agent_id, topic, operation, ids, customer_ids)
        values (write_changes.agent_id, write_changes.topic, write_changes.operation, all_ids, all_customers);
      else
        insert into changes_3 (agent_id, topic, operation, ids, customer_ids)
        values (write_changes.agent_id, write_changes.topic, write_changes.operation, all_ids, all_customers);
    end case;
    if has_broadcast then
      perform broadcast_change(agent_id, topic, operation, all_ids, all_customers);
    end if;
  end loop;
end
$$;
comment on function write_changes(bigint, text, text, bigint[], bigint[]) is 'Writes what a statement has done into the current'
  ' part of the ring. The two arrays are of the same rows, or one of them is null.';

create or replace function broadcast_change(
  agent_id bigint,
  topic text,
  operation text,
  ids bigint[],
  customer_ids bigint[]
)
returns void
language plpgsql
set search_path from current
as $$
declare
  send regprocedure := pg_catalog.to_regprocedure('realtime.send(jsonb, text, text, boolean)');
begin
  if send is null then
    return;
  end if;
  execute pg_catalog.format('select %s($1, $2, $3, true)', send::regproc)
  using
    pg_catalog.jsonb_build_object('topic', topic, 'operation', operation, 'ids', ids, 'customer_ids', customer_ids),
    topic, 'agent:' || agent_id::text;
exception
  -- The feed is what counts: a screen that hears nothing polls.
  when others then null;
end
$$;
comment on function broadcast_change(bigint, text, text, bigint[], bigint[]) is 'Hands a change to Supabase''s Realtime, for the'
  ' private channel of the agent. Swallows what fails there.';

-- Trigger functions. The rows are in changed_rows: the new ones, or the old ones of a deletion.
create or replace function record_row_changes() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  ids bigint[];
  customer_ids bigint[];
begin
  select pg_catalog.array_agg(r.id::bigint), pg_catalog.array_agg(r.customer_id::bigint) into ids, customer_ids from changed_rows r;
  if ids is not null then
    perform write_changes(tg_argv[0]::bigint, tg_argv[1], tg_op, ids, customer_ids);
  end if;
  return null;
end
$$;
comment on function record_row_changes() is 'Trigger of watch_table(), on tables with id and customer_id.';

create or replace function record_row_updates() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  ids bigint[];
  customer_ids bigint[];
begin
  -- A row that moves concerns both customers.
  select pg_catalog.array_agg(u.id::bigint), pg_catalog.array_agg(u.customer_id::bigint)
  into ids, customer_ids
  from (
    select n.id, n.customer_id from changed_rows n
    union
    select o.id, o.customer_id from old_rows o
  ) as u;
  if ids is not null then
    perform write_changes(tg_argv[0]::bigint, tg_argv[1], tg_op, ids, customer_ids);
  end if;
  return null;
end
$$;
comment on function record_row_updates() is 'Trigger of watch_table(), on tables with id and customer_id.';

create or replace function record_customer_changes() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  ids bigint[];
begin
  select pg_catalog.array_agg(r.id::bigint) into ids from changed_rows r;
  if ids is not null then
    perform write_changes(tg_argv[0]::bigint, tg_argv[1], tg_op, ids, ids);
  end if;
  return null;
end
$$;
comment on function record_customer_changes() is 'Trigger of watch_table(), on customers.';

create or replace function record_changes_by_customer() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  customer_ids bigint[];
begin
  select pg_catalog.array_agg(r.customer_id::bigint) into customer_ids from changed_rows r;
  if customer_ids is not null then
    perform write_changes(tg_argv[0]::bigint, tg_argv[1], tg_op, null, customer_ids);
  end if;
  return null;
end
$$;
comment on function record_changes_by_customer() is 'Trigger of watch_table(), on tables with customer_id and no id.';

create or replace function record_changes_by_id() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  ids bigint[];
begin
  select pg_catalog.array_agg(r.id::bigint) into ids from changed_rows r;
  if ids is not null then
    perform write_changes(tg_argv[0]::bigint, tg_argv[1], tg_op, ids, null);
  end if;
  return null;
end
$$;
comment on function record_changes_by_id() is 'Trigger of watch_table(), on tables with id and no customer_id.';

create or replace function record_delivery_changes() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  message_ids integer[];
begin
  -- With a kind, it came with its message, which tells of itself.
  select pg_catalog.array_agg(r.message_id)
  into message_ids
  from changed_rows r
  where r.message_id is not null and (tg_op <> 'INSERT' or r.kind is null);
  if message_ids is not null then
    perform record_deliveries_of(tg_argv[0]::bigint, tg_argv[1], tg_op, message_ids);
  end if;
  return null;
end
$$;
comment on function record_delivery_changes() is 'Trigger of watch_table(), on whatsapp_deliveries.';

create or replace function record_status_changes() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  message_ids integer[];
begin
  if not exists (select from changed_rows) then
    return null;
  end if;
  -- A status whose message is not known yet concerns nobody until that comes.
  execute pg_catalog.format(
    'select pg_catalog.array_agg(d.message_id) from changed_rows r join %I d on d.provider_id = r.provider_id'
    ' where d.message_id is not null',
    tg_argv[1] || '_whatsapp_deliveries')
  into message_ids;
  if message_ids is not null then
    perform record_deliveries_of(tg_argv[0]::bigint, tg_argv[1], tg_op, message_ids);
  end if;
  return null;
end
$$;
comment on function record_status_changes() is 'Trigger of watch_table(), on whatsapp_statuses.';

create or replace function record_deliveries_of(agent_id bigint, prefix text, operation text, message_ids integer[])
returns void
language plpgsql
set search_path from current
as $$
declare
  ids bigint[];
  customer_ids bigint[];
begin
  execute pg_catalog.format(
    'select pg_catalog.array_agg(m.id::bigint), pg_catalog.array_agg(m.customer_id::bigint) from %I m where m.id = any ($1)',
    prefix || '_messages')
  into ids, customer_ids
  using message_ids;
  if ids is not null then
    perform write_changes(agent_id, 'deliveries', operation, ids, customer_ids);
  end if;
end
$$;
comment on function record_deliveries_of(bigint, text, text, integer[]) is 'Writes that WhatsApp''s side of these messages has'
  ' changed.';

create or replace function record_truncation() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  perform write_changes(tg_argv[0]::bigint, tg_argv[1], tg_op, null, null);
  return null;
end
$$;
comment on function record_truncation() is 'Trigger of watch_table().';

create or replace function watch_table(agent_id bigint, prefix text, suffix text) returns void
language plpgsql
set search_path from current
as $$
declare
  relation oid := pg_catalog.to_regclass(pg_catalog.quote_ident(prefix || '_' || suffix))::oid;
  columns name[];
  writer text;
  updater text;
  arguments text[] := array[agent_id::text, suffix];
begin
  if relation is null then
    raise exception 'there is no table %', prefix || '_' || suffix using errcode = 'undefined_table';
  end if;
  if exists (select from pg_trigger g where g.tgrelid = relation and g.tgname = 'changes_inserted') then
    return;
  end if;
  columns := array(
    select a.attname from pg_attribute a where a.attrelid = relation and a.attnum > 0 and not a.attisdropped);
  writer := case
    when suffix = 'customers' then 'record_customer_changes'
    when suffix = 'whatsapp_deliveries' then 'record_delivery_changes'
    when suffix = 'whatsapp_statuses' then 'record_status_changes'
    when array['id', 'customer_id']::name[] <@ columns then 'record_row_changes'
    when 'customer_id'::name = any (columns) then 'record_changes_by_customer'
    when 'id'::name = any (columns) then 'record_changes_by_id'
  end;
  if writer is null then
    raise exception 'table % has neither a column id nor customer_id, by which to tell its changes', prefix || '_' || suffix
      using errcode = 'undefined_column';
  end if;
  if suffix in ('whatsapp_deliveries', 'whatsapp_statuses') then
    arguments := array[agent_id::text, prefix];
  end if;
  updater := case writer when 'record_row_changes' then 'record_row_updates' else writer end;
  execute pg_catalog.format(
    'create trigger changes_inserted after insert on %I referencing new table as changed_rows for each statement'
    ' execute function %I(%L, %L)', prefix || '_' || suffix, writer, arguments[1], arguments[2]);
  execute pg_catalog.format(
    'create trigger changes_updated after update on %I referencing old table as old_rows new table as changed_rows'
    ' for each statement execute function %I(%L, %L)', prefix || '_' || suffix, updater, arguments[1], arguments[2]);
  execute pg_catalog.format(
    'create trigger changes_deleted after delete on %I referencing old table as changed_rows for each statement'
    ' execute function %I(%L, %L)', prefix || '_' || suffix, writer, arguments[1], arguments[2]);
  if suffix not in ('whatsapp_deliveries', 'whatsapp_statuses') then
    execute pg_catalog.format('create trigger changes_truncated after truncate on %I for each statement'
      ' execute function record_truncation(%L, %L)', prefix || '_' || suffix, arguments[1], arguments[2]);
  end if;
end
$$;
comment on function watch_table(bigint, text, text) is 'Has the feed tell what is written to {prefix}_{suffix}, by id and'
  ' customer_id, as far as there are these columns. For extensions, behind the statement that makes the table. Twice, it'
  ' changes nothing.';

create or replace function watch_agent() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
  prefix text;
  suffix text;
begin
  if not exists (select from agent_versions v where v.agent_id = new.agent_id and v.extension = 'change_feed') then
    return null;
  end if;
  select pg_catalog.left(t.customers, -pg_catalog.length('_customers')) into prefix
  from agent_tables t
  where t.agent_id = new.agent_id;
  foreach suffix in array array[
    'customers', 'messages', 'orders', 'whatsapp_deliveries', 'whatsapp_statuses', 'conversations', 'conversation_tags',
    'conversation_notes']
  loop
    if pg_catalog.to_regclass(pg_catalog.quote_ident(prefix || '_' || suffix)) is not null then
      perform watch_table(new.agent_id, prefix, suffix);
    end if;
  end loop;
  return null;
end
$$;
comment on function watch_agent() is 'Trigger: watches the tables of an agent that has the extension change_feed, in whatever'
  ' order it gets that and the extensions whose tables are watched.';

create or replace function forget_changes() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  -- The ledger is also corrected while an agent stays.
  if exists (select from agent_tables t where t.agent_id = old.agent_id) then
    return null;
  end if;
  delete from change_consumers c where c.agent_id = old.agent_id;
  perform write_changes(old.agent_id, 'agents', 'DELETE', array[old.agent_id], null);
  return null;
end
$$;
comment on function forget_changes() is 'Trigger: tells that an agent is gone, and forgets how far its consumers were.';

do $$
begin
  if not exists (select from pg_trigger where tgrelid = 'agent_versions'::regclass::oid and tgname = 'watch_agent') then
    create trigger watch_agent after insert on agent_versions for each row
      when (new.extension in ('change_feed', 'whatsapp_webhooks', 'inbox')) execute function watch_agent();
    create trigger forget_changes after delete on agent_versions for each row
      when (old.extension = 'change_feed') execute function forget_changes();
  end if;
end
$$;

-- Reading.
create or replace function change_snapshot() returns pg_snapshot
language plpgsql
stable
set search_path from current
as $$
declare
  present pg_snapshot := pg_catalog.pg_current_snapshot();
  own xid8 := pg_catalog.pg_current_xact_id_if_assigned();
begin
  -- A snapshot takes its own transaction to be over once younger ones are. What this one writes later would be missed.
  if own is null or own >= pg_catalog.pg_snapshot_xmax(present) then
    return present;
  end if;
  return pg_catalog.format(
    '%s:%s:%s',
    least(pg_catalog.pg_snapshot_xmin(present), own),
    pg_catalog.pg_snapshot_xmax(present),
    (
      select pg_catalog.string_agg(o.x::text, ',' order by o.x)
      from (select x from pg_catalog.pg_snapshot_xip(present) as x union select own) as o (x)
    )
  )::pg_snapshot;
end
$$;
comment on function change_snapshot() is 'The current snapshot, in which the transaction at hand is still open.';

create or replace function covers(later pg_snapshot, earlier pg_snapshot) returns boolean
language plpgsql
immutable
set search_path from current
as $$
begin
  return pg_catalog.pg_snapshot_xmax(later) >= pg_catalog.pg_snapshot_xmax(earlier)
    and not exists (
      select from pg_catalog.pg_snapshot_xip(later) as x where pg_catalog.pg_visible_in_snapshot(x, earlier)
    );
end
$$;
comment on function covers(pg_snapshot, pg_snapshot) is 'Whether all that is visible in the one snapshot is visible in the other.';

create or replace function read_changes(agent_prefix text, place text, wanted integer) returns jsonb
language plpgsql
security definer
set search_path from current
-- A plan made while the tables are small would read all of them later.
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  cluster bigint := (select c.system_identifier from pg_catalog.pg_control_system() as c);
  of_agent bigint;
  parts text[] := pg_catalog.string_to_array(place, ' ', '-');
  now_visible pg_snapshot;
  low pg_snapshot;
  high pg_snapshot;
  after_xid xid8;
  after_position bigint;
  first_xid xid8;
  open_xids xid8[];
  lost pg_snapshot;
  events jsonb;
  last_event jsonb;
begin
  if agent_prefix is null then
    if not is_backend() then
      raise exception 'only a backend may read the changes of all agents' using errcode = 'insufficient_privilege';
    end if;
    if not exists (select from agent_templates t where t.extension = 'change_feed') then
      raise exception 'the extension change_feed is not registered' using errcode = 'WA008';
    end if;
  else
    select a.id into of_agent from agents a
    where a.agent_prefix::text = read_changes.agent_prefix and (is_backend() or owns_agent(a.id));
    -- Somebody else's agent has nothing to tell, like everything else of its; as if there were none. A place of all agents' changes
    -- does for one agent, too.
    if (of_agent is null and place is null) or parts[6]::bigint <> coalesce(of_agent, 0::bigint) then
      raise exception 'there is no agent % for this caller, or it is not the one of the cursor any more', agent_prefix
        using errcode = case when is_backend() then 'WA001' else 'insufficient_privilege' end,
          hint = 'It may be gone, be another one of the same name by now, or never have been there.';
    end if;
    if of_agent is not null
      and not exists (select from agent_versions v where v.agent_id = of_agent and v.extension = 'change_feed')
    then
      raise exception 'agent % lacks the extension change_feed', agent_prefix using errcode = 'WA008';
    end if;
  end if;
  if pg_catalog.current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'changes can''t be read in a transaction that is not read committed'
      using errcode = 'WA003', hint = 'It could not see what has happened since it began.';
  end if;
  -- Nothing is emptied while this is held, to the end of the transaction. From here on each statement sees what has been.
  lock table changes in access share mode;
  now_visible := change_snapshot();
  if place is null then
    return pg_catalog.jsonb_build_object(
      'place', pg_catalog.concat_ws(' ', cluster, now_visible, '-', '-', '-', coalesce(of_agent::text, '-')),
      'changes', '[]'::jsonb, 'has_more', false);
  end if;
  low := parts[2]::pg_snapshot;
  high := coalesce(parts[3]::pg_snapshot, now_visible);
  after_xid := coalesce(parts[4], '0')::xid8;
  after_position := coalesce(parts[5], '0')::bigint;
  select r.lost into lost from change_ring r where r.system_identifier = cluster;
  if not found then
    raise exception 'this database was restored from another cluster, whose changes are still in it'
      using errcode = 'WA007', hint = 'Have the service call rotate_changes(), and start anew.';
  end if;
  if parts[1]::bigint <> cluster or pg_catalog.pg_snapshot_xmax(low) > pg_catalog.pg_snapshot_xmax(now_visible) then
    raise exception 'the cursor is of another database cluster, or of a later time than this one was restored to'
      using errcode = 'WA007';
  end if;
  if lost is not null and not covers(low, lost) then
    raise exception 'changes since the cursor are kept no longer' using errcode = 'WA007';
  end if;

  -- What low doesn't see is what began later, and what was open by then. So a transaction that stays open costs nothing. Of what
  -- the last page has ended in, the rest. Not by comparing rows: from there the index would be read, however old it is.
  first_xid := greatest(pg_catalog.pg_snapshot_xmax(low), after_xid);
  open_xids := array(select x from pg_catalog.pg_snapshot_xip(low) as x where x >= after_xid);
  if of_agent is not null then
    select pg_catalog.jsonb_agg(
      pg_catalog.jsonb_build_object('xid', e.xid, 'position', e.position, 'at', e.at, 'agent_id', e.agent_id,
        'agent', read_changes.agent_prefix, 'topic', e.topic, 'operation', e.operation, 'ids', e.ids,
        'customer_ids', e.customer_ids)
      order by e.xid, e.position)
    into events
    from (
      (
        select c.* from changes c
        where c.agent_id = of_agent and c.xid >= first_xid and c.xid < pg_catalog.pg_snapshot_xmax(high)
          and pg_catalog.pg_visible_in_snapshot(c.xid, high) and (c.xid > after_xid or c.position > after_position)
        order by c.xid, c.position
        limit wanted
      )
      union all
      (
        select c.* from changes c
        where c.agent_id = of_agent and c.xid = any (open_xids)
          and pg_catalog.pg_visible_in_snapshot(c.xid, high) and (c.xid > after_xid or c.position > after_position)
        order by c.xid, c.position
        limit wanted
      )
      order by xid, position
      limit wanted
    ) as e;
  elsif agent_prefix is null then
    select pg_catalog.jsonb_agg(
      pg_catalog.jsonb_build_object('xid', e.xid, 'position', e.position, 'at', e.at, 'agent_id', e.agent_id,
        'agent', (
          select pg_catalog.left(t.customers, -pg_catalog.length('_customers')) from agent_tables t where t.agent_id = e.agent_id
        ),
        'topic', e.topic, 'operation', e.operation, 'ids', e.ids, 'customer_ids', e.customer_ids)
      order by e.xid, e.position)
    into events
    from (
      (
        select c.* from changes c
        where c.xid >= first_xid and c.xid < pg_catalog.pg_snapshot_xmax(high)
          and pg_catalog.pg_visible_in_snapshot(c.xid, high) and (c.xid > after_xid or c.position > after_position)
        order by c.xid, c.position
        limit wanted
      )
      union all
      (
        select c.* from changes c
        where c.xid = any (open_xids)
          and pg_catalog.pg_visible_in_snapshot(c.xid, high) and (c.xid > after_xid or c.position > after_position)
        order by c.xid, c.position
        limit wanted
      )
      order by xid, position
      limit wanted
    ) as e;
  end if;

  events := coalesce(events, '[]');
  if pg_catalog.jsonb_array_length(events) < wanted then
    return pg_catalog.jsonb_build_object(
      'place', pg_catalog.concat_ws(' ', cluster, high, '-', '-', '-', coalesce(of_agent::text, '-')),
      'changes', events, 'has_more', parts[3] is not null);
  end if;
  last_event := events -> -1;
  return pg_catalog.jsonb_build_object(
    'place', pg_catalog.concat_ws(' ', cluster, low, high, last_event ->> 'xid'::text, last_event ->> 'position'::text,
      coalesce(of_agent::text, '-')),
    'changes', events, 'has_more', true);
end
$$;
comment on function read_changes(text, text, integer) is 'What has been committed since a place, of one agent or, null, of all;'
  ' a null place is the present. By transaction, in the order in which they began, and within one as it was written. Gives'
  ' the place to go on from. Raises WA007 if something since the place may be lost, WA008 without the extension, WA001 or 42501'
  ' if the caller may not read the agent of the place, for whatever reason.';

create or replace function consumer_agent(agent_prefix text) returns bigint
language plpgsql
stable
set search_path from current
as $$
declare
  of_agent bigint := 0::bigint;
begin
  if agent_prefix is not null then
    select a.id into of_agent from agents a
    where a.agent_prefix::text = consumer_agent.agent_prefix and (is_backend() or owns_agent(a.id));
  elsif not is_backend() then
    of_agent := null::bigint;
  end if;
  if of_agent is null then
    raise exception 'this user may not have consumers of %', coalesce('agent ' || agent_prefix, 'all agents')
      using errcode = 'insufficient_privilege';
  end if;
  return of_agent;
end
$$;
comment on function consumer_agent(text) is 'The agent''s id, 0 for all; raises if the caller may not read its changes. Called by'
  ' functions that run as the owner.';

create or replace function consumer_holder(of_agent bigint) returns text
language plpgsql
stable
set search_path from current
as $$
begin
  if is_backend() then
    return 'service';
  end if;
  -- With the agent, what its user has begun goes to the next one.
  if exists (select from agents a where a.id = of_agent and a.user_id = auth.uid()) then
    return 'agent';
  end if;
  return auth.uid()::text;
end
$$;
comment on function consumer_holder(bigint) is 'Whose consumers the caller moves: a member can''t have those of the agent or of the'
  ' backends miss something. For a caller whom consumer_agent() has let pass.';

create or replace function place_consumer(of_agent bigint, holder text, consumer text, place text) returns void
language plpgsql
set search_path from current
as $$
declare
  most constant bigint := 100::bigint;
  present_count bigint;
begin
  update change_consumers c set place = place_consumer.place, moved_at = now()
  where c.agent_id = of_agent and c.holder = place_consumer.holder and c.name = consumer;
  if found then
    return;
  end if;
  if holder <> 'service' then
    select pg_catalog.count(*) into present_count from change_consumers c
    where c.agent_id = of_agent and c.holder = place_consumer.holder;
    if present_count >= most then
      raise exception 'there are % consumers already', present_count
        using errcode = 'WA009', hint = 'Remove those that nobody needs, by remove_consumer().';
    end if;
  end if;
  insert into change_consumers as c (agent_id, holder, name, place)
  values (of_agent, place_consumer.holder, consumer, place_consumer.place)
  on conflict on constraint change_consumers_pkey do update set place = excluded.place, moved_at = excluded.moved_at;
end
$$;
comment on function place_consumer(bigint, text, text, text) is 'Writes how far a consumer has come. Raises WA009 if a user who is'
  ' no backend has too many.';

create or replace function take_changes(agent_prefix text, consumer text, wanted integer) returns jsonb
language plpgsql
security definer
set search_path from current
as $$
declare
  of_agent bigint := consumer_agent(agent_prefix);
  caller text := consumer_holder(of_agent);
  present change_consumers;
  taken jsonb;
begin
  -- One at a time, to the end of the transaction. Not by the row, which would write each time.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(
    pg_catalog.format('consumer %s of %s, %s', consumer, of_agent, caller), 'agents'::regclass::oid::bigint));
  select c.* into present from change_consumers c
  where c.agent_id = of_agent and c.holder = caller and c.name = consumer;
  taken := read_changes(agent_prefix, present.place, wanted);
  if taken -> 'changes'::text = '[]'::jsonb and (taken ->> 'has_more'::text)::boolean then
    -- The last page was just full. What has come since it began is behind that.
    present.place := taken ->> 'place'::text;
    present.moved_at := '-infinity';
    taken := read_changes(agent_prefix, present.place, wanted);
  end if;
  -- Where there was nothing, reading from the old place finds the same.
  if present.name is null or taken -> 'changes'::text <> '[]' or present.moved_at < now() - interval '1 minute' then
    perform place_consumer(of_agent, caller, consumer, taken ->> 'place'::text);
  end if;
  return taken;
end
$$;
comment on function take_changes(text, text, integer) is 'The next changes for a consumer, which counts as having them once the'
  ' transaction is committed. A new one begins with the present.';

create or replace function restart_consumer(agent_prefix text, consumer text) returns void
language plpgsql
security definer
set search_path from current
as $$
declare
  of_agent bigint := consumer_agent(agent_prefix);
  present_place text := read_changes(agent_prefix, null, 1) ->> 'place'::text;
begin
  perform place_consumer(of_agent, consumer_holder(of_agent), consumer, present_place);
end
$$;
comment on function restart_consumer(text, text) is 'Has a consumer go on from the present, because what was before is lost.';

create or replace function remove_consumer(agent_prefix text, consumer text) returns boolean
language plpgsql
security definer
set search_path from current
as $$
declare
  of_agent bigint := consumer_agent(agent_prefix);
begin
  delete from change_consumers c
  where c.agent_id = of_agent and c.holder = consumer_holder(of_agent) and c.name = consumer;
  return found;
end
$$;
comment on function remove_consumer(text, text) is 'Forgets a consumer.';

-- Keeping it small.
create or replace function rotate_changes() returns boolean
language plpgsql
security definer
set search_path from current
set lock_timeout = '50ms'
set enable_seqscan = off
as $$
declare
  cluster bigint := (select c.system_identifier from pg_catalog.pg_control_system() as c);
  ring change_ring;
  next_slot integer;
  next_part regclass;
  candidates pg_snapshot[];
  candidate pg_snapshot;
  is_known boolean;
begin
  select r.* into ring from change_ring r
  where r.system_identifier <> cluster or r.began + r.slot_time <= clock_timestamp()
  for update skip locked;
  if not found then
    return false;
  end if;
  begin
    if ring.system_identifier <> cluster then
      truncate changes_0, changes_1, changes_2, changes_3;
      update change_ring r set
        system_identifier = cluster, began = clock_timestamp(), closed = pg_catalog.array_fill(null::pg_snapshot, array[4]),
        waiting = null, waiting_since = null, lost = change_snapshot()
      where r.is_only;
      return true;
    end if;
    next_slot := ((ring.slot + 1) % 4)::integer;
    next_part := ('changes_' || next_slot::text)::regclass;
    -- Whoever has written there, and isn't through yet, is not waited for.
    execute pg_catalog.format('lock table %s in access exclusive mode', next_part);
  exception
    when lock_not_available then
      return false;
  end;
  execute pg_catalog.format('select not exists (select from %s)', next_part) into is_known;
  if not is_known then
    -- Which is the oldest snapshot that sees all that is there? Mostly that of the moment when this part was left.
    candidates := array[ring.closed[next_slot + 1], ring.closed[(next_slot + 1) % 4 + 1], ring.closed[(next_slot + 2) % 4 + 1]];
    if ring.waiting_since < clock_timestamp() - ring.slot_time / 4 then
      candidates := candidates || ring.waiting;
    end if;
    foreach candidate in array candidates loop
      continue when candidate is null;
      execute pg_catalog.format(
        'select not exists (select from %1$s c where c.xid >= pg_catalog.pg_snapshot_xmax($1))'
        ' and not exists (select from %1$s c where c.xid = any (array(select x from pg_catalog.pg_snapshot_xip($1) as x)))',
        next_part)
      into is_known
      using candidate;
      exit when is_known;
    end loop;
    -- It may be older than the one that was needed the last time.
    if is_known and (ring.lost is null or covers(candidate, ring.lost)) then
      ring.lost := candidate;
    end if;
  end if;
  if not is_known then
    -- A transaction that was open for longer than the ring is long has only just ended. Readers get a while for it.
    if ring.waiting is null or ring.waiting_since < clock_timestamp() - ring.slot_time / 4 then
      update change_ring r set waiting = change_snapshot(), waiting_since = clock_timestamp() where r.is_only;
    end if;
    return false;
  end if;
  execute pg_catalog.format('truncate %s', next_part);
  ring.closed[ring.slot + 1] := change_snapshot();
  update change_ring r set
    slot = next_slot, began = clock_timestamp(), closed = ring.closed, waiting = null, waiting_since = null, lost = ring.lost
  where r.is_only;
  return true;
end
$$;
comment on function rotate_changes() is 'Empties the oldest part of the ring and makes it the current one, if the current one has'
  ' been that for long enough. Tells whether it did: if somebody is at work there, it is to be called again some time later.'
  ' Holds locks to the end of the transaction, for which readers wait: to be called in one of its own.';

create or replace function broadcast_changes(is_on boolean) returns void
language plpgsql
set search_path from current
as $$
declare
  messages regclass := pg_catalog.to_regclass('realtime.messages');
  policy_name constant name := (current_schema()::text || '_agents')::name;
begin
  if is_on and pg_catalog.to_regprocedure('realtime.send(jsonb, text, text, boolean)') is null then
    raise exception 'this database has no realtime.send()'
      using errcode = 'undefined_function', hint = 'It is Supabase''s. Elsewhere, poll, or have the library listen.';
  end if;
  if messages is not null then
    execute pg_catalog.format('drop policy if exists %I on %s', policy_name, messages);
    if is_on then
      execute pg_catalog.format(
        'create policy %I on %s for select to authenticated using ('
        ' case when extension = ''broadcast'' and (select realtime.topic()) ~ ''^agent:[0-9]{1,18}$'''
        ' then (select %I.owns_agent(pg_catalog.substr(realtime.topic(), 7)::bigint)) else false end)',
        policy_name, messages, current_schema());
    end if;
  end if;
  update change_ring r set broadcasts = is_on where r.is_only;
end
$$;
comment on function broadcast_changes(boolean) is 'For Supabase: from now on, hands changes to Realtime, for the private channel'
  ' agent:<id> of each agent, and lets the agent''s users listen to it; or ends that.';

revoke all on function write_changes(bigint, text, text, bigint[], bigint[]),
  broadcast_change(bigint, text, text, bigint[], bigint[]), record_row_changes(), record_row_updates(),
  record_customer_changes(), record_changes_by_customer(), record_changes_by_id(), record_delivery_changes(),
  record_status_changes(), record_deliveries_of(bigint, text, text, integer[]), record_truncation(),
  watch_table(bigint, text, text), watch_agent(), forget_changes(), change_snapshot(), covers(pg_snapshot, pg_snapshot),
  read_changes(text, text, integer), consumer_agent(text), consumer_holder(bigint),
  place_consumer(bigint, text, text, text), take_changes(text, text, integer),
  restart_consumer(text, text), remove_consumer(text, text),
  rotate_changes(), broadcast_changes(boolean)
  from public, anon, authenticated, service_role;
-- They check their caller.
grant execute on function read_changes(text, text, integer), take_changes(text, text, integer), restart_consumer(text, text),
  remove_consumer(text, text) to authenticated, service_role;
-- For backends alone: what it locks stays locked to the end of the caller's transaction.
grant execute on function rotate_changes() to service_role;

-- After a restore into another cluster, whose transactions the rows don't name.
do $$
begin
  if exists (
    select from change_ring r where r.system_identifier <> (select c.system_identifier from pg_control_system() as c)
  ) then
    perform rotate_changes();
  end if;
end
$$;

commit;
