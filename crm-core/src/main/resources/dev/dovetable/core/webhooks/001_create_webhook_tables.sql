-- What webhooks tell beyond the four tables. Written by store_webhook() and by DeliveryRepository.

-- A row outlives its message, but for what the message held: a repeated callback must not bring back what was deleted.
create table {whatsapp_deliveries} (
  provider_id text not null,
  message_id integer,
  kind text,
  reply_to text,
  concerns text,
  media_id text,
  mime_type text,
  caption text,
  file_name text,
  sha256 text,
  latitude numeric,
  longitude numeric,
  payload jsonb,
  constraint {whatsapp_deliveries_pkey} primary key (provider_id),
  constraint {whatsapp_deliveries_message_id_key} unique (message_id),
  constraint {whatsapp_deliveries_message_id_fkey} foreign key (message_id) references {messages} (id) on delete set null
);
-- ON DELETE SET NULL takes other columns than those of the key only from PostgreSQL 15 on.
create trigger forget_message before update of message_id on {whatsapp_deliveries}
  for each row when (new.message_id is null) execute function {crm}.forget_message();
comment on table {whatsapp_deliveries} is 'WhatsApp''s id of each message that was received or sent, once; and what is'
  ' behind the text of a received one.';
comment on column {whatsapp_deliveries}.message_id is 'Null once the message was deleted, like all behind it.';
comment on column {whatsapp_deliveries}.kind is 'As WhatsApp names it: text, image, voice, reaction and so on. Null if no'
  ' webhook brought the message.';
comment on column {whatsapp_deliveries}.reply_to is 'WhatsApp''s id of the message that this one answers.';
comment on column {whatsapp_deliveries}.concerns is 'WhatsApp''s id of the message that this one reacts to, edits or revokes.';
comment on column {whatsapp_deliveries}.payload is 'The message as WhatsApp sent it.';

-- Refers to no message: a status that comes first waits here, and is found by the message's id once that is known.
create table {whatsapp_statuses} (
  provider_id text not null,
  sent_at timestamp without time zone,
  delivered_at timestamp without time zone,
  read_at timestamp without time zone,
  played_at timestamp without time zone,
  failed_at timestamp without time zone,
  deleted_at timestamp without time zone,
  errors jsonb not null default '[]',
  -- From the times, so it can only move forward, in whatever order they come.
  state text not null generated always as (
    case
      when deleted_at is not null then 'deleted'
      when failed_at is not null then 'failed'
      when played_at is not null then 'played'
      when read_at is not null then 'read'
      when delivered_at is not null then 'delivered'
      else 'sent'
    end
  ) stored,
  constraint {whatsapp_statuses_pkey} primary key (provider_id)
);
comment on table {whatsapp_statuses} is 'What became of messages that were sent. Times are UTC, of each state the first.';
comment on column {whatsapp_statuses}.errors is 'Why it failed, as WhatsApp tells it.';

create table {whatsapp_identities} (
  kind text not null,
  value text not null,
  match_key text not null,
  customer_id integer not null,
  seen_at timestamp without time zone not null,
  name text,
  named_at timestamp without time zone,
  constraint {whatsapp_identities_pkey} primary key (kind, value),
  constraint {whatsapp_identities_customer_id_fkey} foreign key (customer_id) references {customers} (id) on delete cascade,
  constraint {whatsapp_identities_kind_check} check (kind in ('phone', 'user_id'))
);
create index {whatsapp_identities_match_key_idx} on {whatsapp_identities} (match_key, kind);
comment on table {whatsapp_identities} is 'By what WhatsApp knows customers: several phone numbers and user ids may be one.';
comment on column {whatsapp_identities}.match_key is 'The same for all ways to write one phone number.';
comment on column {whatsapp_identities}.seen_at is 'The time of the earliest message that shows it. UTC.';
comment on column {whatsapp_identities}.name is 'The name in the earliest message that has one, sent at named_at.';

create table {whatsapp_profiles} (
  customer_id integer not null,
  name text,
  phone text,
  constraint {whatsapp_profiles_pkey} primary key (customer_id),
  constraint {whatsapp_profiles_customer_id_fkey} foreign key (customer_id) references {customers} (id) on delete cascade
);
comment on table {whatsapp_profiles} is 'What was written into a customer''s row from messages. As long as that row holds it,'
  ' it follows; what the application has written stays.';
