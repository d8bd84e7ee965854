begin;
-- Webhooks: stores what WhatsApp's webhooks tell, and keeps what leads to no agent.
--
-- Run by psql into the current schema, after identities.sql. Run again, it changes nothing. CrmSchema.install runs it;
-- Webhooks of crm-core needs it, besides the tables that its extension whatsapp_webhooks makes for each agent.

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

-- They write what the extension whatsapp_webhooks of crm-core has made for each agent. They run with the rights of whoever
-- calls them, so row level security decides which agent that can be.
create or replace function require_webhook_route(phone_number_id text, agent_prefix text) returns void
language plpgsql
set search_path from current
as $$
begin
  -- Before agents is read, and in a condition: see enter_agent().
  if pg_catalog.pg_advisory_xact_lock_shared(
    pg_catalog.hashtextextended(agent_prefix, 'agents'::regclass::oid::bigint))::text is null
  then
    return;
  end if;
  -- crm-core, which looks agents up by the same rule, tells why.
  if not exists (
    select
    from agent_numbers n
    join agents a on a.id = n.agent_id
    where n.phone_number_id::text = require_webhook_route.phone_number_id and n.is_active and n.released_at is null
      and a.agent_prefix::text = require_webhook_route.agent_prefix and a.user_id is not null
  ) then
    raise exception 'callbacks for this number are not for agent %', agent_prefix using errcode = 'WA001';
  end if;
end
$$;
comment on function require_webhook_route(text, text) is 'Raises SQLSTATE WA001 unless this agent has the phone_number_id, not'
  ' paused, and a user.';

create or replace function store_webhook(prefix text, content jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  fresh jsonb;
  late jsonb;
  consents jsonb := coalesce(content -> 'consents'::text, '[]');
  customers_of jsonb;
  known jsonb;
begin
  if pg_catalog.current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'webhooks of agent % can''t be stored in a transaction that is not read committed', prefix
      using errcode = 'WA003', hint = 'It could not see what was stored while it waited for its turn.';
  end if;
  -- One at a time for each agent: who a sender is depends on what was stored before.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('webhooks of ' || prefix, 'agents'::regclass::oid::bigint));

  -- Senders of what is there already must not come back after they were deleted.
  execute pg_catalog.format(
    'select coalesce(pg_catalog.jsonb_agg(m.message), ''[]'') from pg_catalog.jsonb_array_elements($1) as m (message)'
    ' where not exists (select from %I d where d.provider_id = m.message ->> ''provider_id''::text)',
    prefix || '_whatsapp_deliveries')
  into fresh
  using content -> 'messages'::text;
  -- Files of past chats, of which the one half is there and the other one comes now.
  execute pg_catalog.format(
    'select coalesce(pg_catalog.jsonb_agg(m.message), ''[]'') from pg_catalog.jsonb_array_elements($1) as m (message)'
    ' where exists (select from %I d where d.provider_id = m.message ->> ''provider_id''::text and d.message_id is not null'
    '   and d.awaits <> m.message ->> ''awaits''::text)',
    prefix || '_whatsapp_deliveries')
  into late
  using content -> 'messages'::text;
  if consents <> '[]' then
    execute pg_catalog.format(
      'select coalesce(pg_catalog.jsonb_agg(c.consent), ''[]'') from pg_catalog.jsonb_array_elements($1) as c (consent)'
      ' where not exists ('
      '  select from %I k'
      '  where k.address = coalesce(c.consent ->> ''user_id''::text, c.consent ->> ''phone''::text)'
      '    and k.category = c.consent ->> ''category''::text and k.value = c.consent ->> ''value''::text'
      '    and k.told_at = (c.consent ->> ''told_at''::text)::timestamp)',
      prefix || '_whatsapp_consents')
    into consents
    using consents;
  end if;
  customers_of := find_or_make_customers(prefix, content -> 'senders'::text, array(
    select distinct (m ->> 'sender'::text)::integer
    from pg_catalog.jsonb_array_elements(fresh || consents || pg_catalog.jsonb_path_query_array(late, '$[*] ? (@.awaits == "content")')) as m));
  if fresh <> '[]' then
    perform store_webhook_messages(prefix, fresh, customers_of);
  end if;
  if late <> '[]' then
    perform complete_webhook_messages(prefix, late, customers_of);
  end if;
  if consents <> '[]' then
    perform store_consents(prefix, consents, customers_of);
  end if;

  -- What is known of a message that isn't there is that a status of it has merged customers.
  execute pg_catalog.format(
    'with concerned as ('
    '  select m ->> ''provider_id''::text as provider_id'
    '  from pg_catalog.jsonb_array_elements(($1 -> ''messages''::text) || ($1 -> ''statuses''::text)) as m'
    '),'
    ' stored as (select m ->> ''provider_id''::text as provider_id from pg_catalog.jsonb_array_elements($2) as m),'
    ' merged as ('
    '  select w.source as provider_id from %2$I w'
    '  where w.merged_at = pg_catalog.timezone(''utc'', now()) and w.undone_at is null'
    '    and w.source not in ('
    '      select m ->> ''provider_id''::text from pg_catalog.jsonb_array_elements($1 -> ''messages''::text) as m'
    '      where not exists (select from stored s where s.provider_id = m ->> ''provider_id''::text))'
    ')'
    ' select coalesce(pg_catalog.jsonb_object_agg(c.provider_id, pg_catalog.jsonb_build_object('
    '   ''message_id'', d.message_id, ''customer_id'', (select m.customer_id from %1$I m where m.id = d.message_id),'
    '   ''there'', d.provider_id is not null,'
    '   ''merged'', c.provider_id in (select m.provider_id from merged m),'
    '   ''stored'', c.provider_id in (select s.provider_id from stored s))), ''{}'')'
    ' from (select distinct c.provider_id from concerned c) as c'
    ' left join lateral ('
    '   select d.provider_id, d.message_id from %3$I d where d.provider_id = c.provider_id limit 1'
    ' ) as d on true'
    ' where d.provider_id is not null or c.provider_id in (select m.provider_id from merged m)',
    prefix || '_messages', prefix || '_whatsapp_merges', prefix || '_whatsapp_deliveries')
  into known
  using content, fresh;
  if content -> 'consents'::text <> '[]' then
    execute pg_catalog.format(
      'select $2 || coalesce(pg_catalog.jsonb_object_agg('
      '   pg_catalog.concat_ws('' '', ''consent'', k.address, k.category, c.told_at, k.value),'
      '   pg_catalog.jsonb_build_object(''customer_id'', k.customer_id, ''stored'', false, ''merged'', exists ('
      '     select from %1$I w'
      '     where w.kept_id = k.customer_id and w.merged_at = pg_catalog.timezone(''utc'', now()) and w.source is null))), ''{}'')'
      ' from pg_catalog.jsonb_to_recordset($1 -> ''consents''::text) as c ('
      '   user_id text, phone text, category text, told_at text, value text)'
      ' join %2$I k on k.address = coalesce(c.user_id, c.phone) and k.category = c.category'
      '   and k.told_at = c.told_at::timestamp and k.value = c.value',
      prefix || '_whatsapp_merges', prefix || '_whatsapp_consents')
    into known
    using content, known;
  end if;
  return known;
end
$$;
comment on function store_webhook(text, jsonb) is 'Called by crm-core: stores the messages that webhooks tell about an'
  ' agent, all of them or none. Gives those that they or the statuses beside them concern and that are known by the'
  ' provider''s id: the id here, null if the message was deleted, and whether it was stored just now. And whose consents are.';

create or replace function store_webhook_messages(prefix text, messages jsonb, customers_of jsonb) returns void
language plpgsql
set search_path from current
as $$
begin
  -- The ids are taken first, so that one statement can write both tables. Foreign keys are checked at its end.
  execute pg_catalog.format(
    'with message as ('
    '  select o.*, pg_catalog.nextval($3)::integer as id'
    '  from ('
    '    select m.*, ($2 ->> m.sender::text)::integer as customer_id'
    '    from pg_catalog.jsonb_to_recordset($1) as m ('
    '      provider_id text, sender integer, direction text, text text, sent_at timestamp, kind text, reply_to text,'
    '      concerns text, media_id text, mime_type text, caption text, file_name text, sha256 text, latitude numeric,'
    '      longitude numeric, payload jsonb, by_number text, by_user_id text, place integer, phone_number_id text,'
    '      participant_phone text, participant_user_id text, participant_name text, new_text text, emoji text, awaits text)'
    '    order by m.sent_at, m.place, m.provider_id'
    '  ) as o'
    '),'
    ' delivered as ('
    '  insert into %I (provider_id, message_id, kind, reply_to, concerns, media_id, mime_type, caption, file_name,'
    '    sha256, latitude, longitude, payload, by_number, by_user_id, place, phone_number_id, participant_phone,'
    '    participant_user_id, participant_name, new_text, emoji, awaits)'
    '  select m.provider_id, m.id, m.kind, m.reply_to, m.concerns, m.media_id, m.mime_type, m.caption, m.file_name,'
    '    m.sha256, m.latitude, m.longitude, m.payload, m.by_number, m.by_user_id, m.place, m.phone_number_id,'
    '    m.participant_phone, m.participant_user_id, m.participant_name, m.new_text, m.emoji, m.awaits'
    '  from message m'
    '  on conflict (provider_id) do nothing'
    '  returning message_id'
    ')'
    ' insert into %I (id, customer_id, message, direction, timestamp)'
    ' select m.id, m.customer_id, m.text, m.direction, m.sent_at'
    ' from delivered d join message m on m.id = d.message_id',
    prefix || '_whatsapp_deliveries', prefix || '_messages')
  using messages, customers_of, pg_catalog.pg_get_serial_sequence(pg_catalog.quote_ident(prefix || '_messages'), 'id')::regclass;
end
$$;
comment on function store_webhook_messages(text, jsonb, jsonb) is 'Stores messages with their details, unless their'
  ' provider''s ids are there.';

create or replace function complete_webhook_messages(prefix text, messages jsonb, customers_of jsonb) returns void
language plpgsql
set search_path from current
as $$
begin
  -- What it is, from the file.
  execute pg_catalog.format(
    'with file as ('
    '  select m.*'
    '  from pg_catalog.jsonb_to_recordset($1) as m ('
    '    provider_id text, text text, kind text, media_id text, mime_type text, caption text, file_name text, sha256 text,'
    '    payload jsonb, awaits text)'
    '  where m.awaits = ''thread'''
    '),'
    ' completed as ('
    '  update %I d set'
    '    kind = f.kind, media_id = f.media_id, mime_type = f.mime_type, caption = f.caption, file_name = f.file_name,'
    '    sha256 = f.sha256, payload = f.payload, awaits = null'
    '  from file f'
    '  where d.provider_id = f.provider_id and d.awaits = ''content'''
    '  returning d.message_id, f.text'
    ')'
    ' update %I m set message = c.text from completed c where m.id = c.message_id',
    prefix || '_whatsapp_deliveries', prefix || '_messages')
  using messages;
  -- Whose it is, when and which way it went, from the chat.
  execute pg_catalog.format(
    'with thread as ('
    '  select m.*, ($2 ->> m.sender::text)::integer as customer_id'
    '  from pg_catalog.jsonb_to_recordset($1) as m ('
    '    provider_id text, sender integer, direction text, sent_at timestamp, by_number text, by_user_id text, place integer,'
    '    participant_phone text, participant_user_id text, participant_name text, awaits text)'
    '  where m.awaits = ''content'''
    '),'
    ' completed as ('
    '  update %I d set'
    '    by_number = t.by_number, by_user_id = t.by_user_id, place = t.place,'
    '    participant_phone = t.participant_phone,'
    '    participant_user_id = t.participant_user_id, participant_name = t.participant_name, awaits = null'
    '  from thread t'
    '  where d.provider_id = t.provider_id and d.awaits = ''thread'''
    '  returning d.message_id, t.customer_id, t.direction, t.sent_at'
    ')'
    ' update %I m set customer_id = c.customer_id, direction = c.direction, timestamp = c.sent_at'
    ' from completed c where m.id = c.message_id',
    prefix || '_whatsapp_deliveries', prefix || '_messages')
  using messages, customers_of;
end
$$;
comment on function complete_webhook_messages(text, jsonb, jsonb) is 'Puts files of past chats together with their places in'
  ' the chats, in whatever order they came.';

create or replace function store_consents(prefix text, consents jsonb, customers_of jsonb) returns void
language plpgsql
set search_path from current
as $$
begin
  execute pg_catalog.format(
    'insert into %I ('
    '  address, category, told_at, value, place, customer_id, phone, user_id, detail, phone_number_id)'
    ' select coalesce(c.user_id, c.phone), c.category, c.told_at, c.value, c.place, ($2 ->> c.sender::text)::integer, c.phone,'
    '   c.user_id, c.detail, c.phone_number_id'
    ' from pg_catalog.jsonb_to_recordset($1) as c ('
    '   category text, told_at timestamp, value text, place integer, sender integer, phone text, user_id text, detail text,'
    '   phone_number_id text)'
    ' on conflict do nothing',
    prefix || '_whatsapp_consents')
  using consents, customers_of;
end
$$;
comment on function store_consents(text, jsonb, jsonb) is 'Keeps that people want no advertising, or want it again.';

-- Of older installations: store_statuses.sql of crm-core does it, in the one statement that it is sent in anyway.
drop function if exists merge_webhook_statuses(text, jsonb);

create or replace function forget_message() returns trigger
language plpgsql
set search_path from current
as $$
declare
  participants text := pg_catalog.format(
    '%I.%I', tg_table_schema, pg_catalog.left(tg_table_name, -pg_catalog.length('deliveries')) || 'participants');
begin
  -- An agent whose tables are of an earlier version has none.
  if pg_catalog.to_regclass(participants) is not null then
    execute pg_catalog.format('delete from %s where provider_id = $1', participants) using new.provider_id;
  end if;
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
  -- What later versions of the tables have.
  return pg_catalog.jsonb_populate_record(new, '{"by_number": null, "by_user_id": null, "participant_phone": null,
    "participant_user_id": null, "participant_name": null, "new_text": null, "emoji": null, "awaits": null, "place": null,
    "phone_number_id": null, "sent_by": null}');
end
$$;
comment on function forget_message() is 'Trigger: of a message that was deleted, only the provider''s id stays, and what became'
  ' of it, but for the members of a group that it was sent to.';

create or replace function keep_sender() returns trigger
language plpgsql
set search_path from current
as $$
begin
  if tg_op = 'INSERT' then
    new.sent_by := auth.uid();
  else
    -- With the message, all behind it goes.
    if new.message_id is not null or new.sent_by is not null then
      new.sent_by := old.sent_by;
    end if;
    if new.message_id is not null and new.message_id is distinct from old.message_id and not is_trusted(current_user) then
      raise exception 'a delivery cannot become that of another message'
        using errcode = 'insufficient_privilege', hint = 'Insert a row for the other message.';
    end if;
  end if;
  return new;
end
$$;
comment on function keep_sender() is 'Trigger: nobody enters another user as the sender of a message, nor gives what another has'
  ' sent another message; backends may do the latter.';

-- Bodies of callbacks that found no agent, or could not be read. They may be anybody's, so only backends see them.
create table if not exists unrouted_webhooks (
  id bigint generated always as identity,
  received_at timestamp with time zone not null default now(),
  reason text not null,
  phone_number_id text,
  body bytea not null,
  digest bytea not null generated always as (sha256(body)) stored,
  agent_id bigint,
  constraint unrouted_webhooks_pkey primary key (id),
  -- A body that the provider repeats is kept once.
  constraint unrouted_webhooks_digest_key unique (digest)
);
-- For a table that is older.
do $$
begin
  if not exists (
    select from pg_attribute c
    where c.attrelid = 'unrouted_webhooks'::regclass::oid and c.attname = 'agent_id' and not c.attisdropped
  ) then
    alter table unrouted_webhooks add column agent_id bigint;
  end if;
end
$$;
comment on table unrouted_webhooks is 'Bodies of callbacks, or parts of them, that could not be stored with an agent, until'
  ' they are replayed or purged.';
comment on column unrouted_webhooks.reason is 'Why, as UnroutedWebhook.Reason in crm-core names it.';
comment on column unrouted_webhooks.agent_id is 'The agent that had the number when the body came, whether its'
  ' configuration was active or not; null if none had it yet.';
comment on column unrouted_webhooks.body is 'As it was received: message texts and phone numbers are in it.';

do $$
begin
  if not (select relrowsecurity from pg_class where oid = 'unrouted_webhooks'::regclass::oid) then
    alter table unrouted_webhooks enable row level security;
  end if;
  if not exists (select from pg_policy where polrelid = 'unrouted_webhooks'::regclass::oid and polname = 'unrouted_webhooks_select') then
    create policy unrouted_webhooks_select on unrouted_webhooks for select to service_role using (true);
    comment on policy unrouted_webhooks_select on unrouted_webhooks is 'Backends may look, and nobody else.';
    if not (select rolbypassrls from pg_roles where rolname = 'service_role') then
      create policy unrouted_webhooks_insert on unrouted_webhooks for insert to service_role with check (true);
      create policy unrouted_webhooks_delete on unrouted_webhooks for delete to service_role using (true);
      comment on policy unrouted_webhooks_insert on unrouted_webhooks is 'Service role has full access. Made where'
        ' service_role has no BYPASSRLS.';
      comment on policy unrouted_webhooks_delete on unrouted_webhooks is 'Service role has full access. Made where'
        ' service_role has no BYPASSRLS.';
    end if;
  end if;
end
$$;
revoke all on unrouted_webhooks from public, anon, authenticated, service_role;
revoke all on sequence unrouted_webhooks_id_seq from public, anon, authenticated, service_role;
grant select, insert, delete on unrouted_webhooks to service_role;

-- What callbacks tell besides messages and statuses. It may be of any agent or of none, so only backends see it.
create table if not exists webhook_news (
  id bigint generated always as identity,
  received_at timestamp with time zone not null default now(),
  told_at timestamp with time zone,
  kind text not null,
  field text not null,
  phone_number_id text,
  business_account_id text,
  agent_id bigint,
  payload jsonb not null,
  digest bytea not null,
  constraint webhook_news_pkey primary key (id),
  -- What the provider repeats is kept once.
  constraint webhook_news_digest_key unique (digest)
);
comment on table webhook_news is 'What callbacks tell of templates, accounts, numbers, calls, groups and the like, until it'
  ' is purged.';
comment on column webhook_news.told_at is 'WhatsApp''s time of it.';
comment on column webhook_news.kind is 'What it is about, as NewsKind in crm-core names it.';
comment on column webhook_news.field is 'WhatsApp''s name for it.';
comment on column webhook_news.agent_id is 'The agent that had the number when it came; null if none had it, or it names none.';
comment on column webhook_news.payload is 'As WhatsApp sent it: names and phone numbers are in it.';
comment on column webhook_news.digest is 'Of all that WhatsApp told, by which what it repeats is found.';

do $$
begin
  if not (select relrowsecurity from pg_class where oid = 'webhook_news'::regclass::oid) then
    alter table webhook_news enable row level security;
  end if;
  if not exists (select from pg_policy where polrelid = 'webhook_news'::regclass::oid and polname = 'webhook_news_select') then
    create policy webhook_news_select on webhook_news for select to service_role using (true);
    comment on policy webhook_news_select on webhook_news is 'Backends may look, and nobody else.';
    if not (select rolbypassrls from pg_roles where rolname = 'service_role') then
      create policy webhook_news_insert on webhook_news for insert to service_role with check (true);
      create policy webhook_news_delete on webhook_news for delete to service_role using (true);
      comment on policy webhook_news_insert on webhook_news is 'Service role has full access. Made where service_role has no'
        ' BYPASSRLS.';
      comment on policy webhook_news_delete on webhook_news is 'Service role has full access. Made where service_role has no'
        ' BYPASSRLS.';
    end if;
  end if;
end
$$;
revoke all on webhook_news from public, anon, authenticated, service_role;
revoke all on sequence webhook_news_id_seq from public, anon, authenticated, service_role;
grant select, insert, delete on webhook_news to service_role;

revoke all on function require_webhook_route(text, text), store_webhook(text, jsonb),
  store_webhook_messages(text, jsonb, jsonb), complete_webhook_messages(text, jsonb, jsonb),
  store_consents(text, jsonb, jsonb), forget_message(), keep_sender()
  from public, anon, authenticated, service_role;
-- With the caller's own rights, so all of them are the caller's to execute.
grant execute on function store_webhook(text, jsonb), store_webhook_messages(text, jsonb, jsonb),
  complete_webhook_messages(text, jsonb, jsonb), store_consents(text, jsonb, jsonb)
  to authenticated, service_role;
-- For whoever looks up whom a callback is for.
grant execute on function require_webhook_route(text, text) to service_role;

commit;
