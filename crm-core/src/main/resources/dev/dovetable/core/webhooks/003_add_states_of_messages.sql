-- What messages and statuses tell beyond the first version, and who wants no advertising.

alter table {whatsapp_deliveries} add column place integer;
alter table {whatsapp_deliveries} add column phone_number_id text;
alter table {whatsapp_deliveries} add column participant_phone text;
alter table {whatsapp_deliveries} add column participant_user_id text;
alter table {whatsapp_deliveries} add column participant_name text;
alter table {whatsapp_deliveries} add column new_text text;
alter table {whatsapp_deliveries} add column emoji text;
alter table {whatsapp_deliveries} add column awaits text;
alter table {whatsapp_deliveries} add constraint {whatsapp_deliveries_awaits_check} check (awaits in ('content', 'thread'));
create index {whatsapp_deliveries_concerns_idx} on {whatsapp_deliveries} (concerns) where concerns is not null;
comment on column {whatsapp_deliveries}.place is 'In the body that it came in: orders messages of one second.';
comment on column {whatsapp_deliveries}.phone_number_id is 'The business number that it came through.';
comment on column {whatsapp_deliveries}.participant_phone is 'Of who wrote it, in a group.';
comment on column {whatsapp_deliveries}.participant_user_id is 'Of who wrote it, in a group.';
comment on column {whatsapp_deliveries}.participant_name is 'Of who wrote it, in a group.';
comment on column {whatsapp_deliveries}.new_text is 'Of an edit: how the message that it concerns reads from then on.';
comment on column {whatsapp_deliveries}.emoji is 'Of a reaction; null if it was withdrawn.';
comment on column {whatsapp_deliveries}.awaits is 'Of a file of past chats: content if only its place in the chat is known'
  ' yet, thread if only the file is.';

update {whatsapp_deliveries} d set
  emoji = case when d.kind = 'reaction' then nullif(d.payload #>> '{reaction,emoji}', '') end,
  new_text = case when d.kind = 'edit' and left(m.message, 9) = '[edited] ' then substr(m.message, 10) end,
  awaits = case when d.kind = 'media_placeholder' then 'content' end
from {messages} m
where m.id = d.message_id and d.kind in ('reaction', 'edit', 'media_placeholder');

alter table {whatsapp_statuses} add column billable boolean;
alter table {whatsapp_statuses} add column pricing_model text;
alter table {whatsapp_statuses} add column pricing_category text;
alter table {whatsapp_statuses} add column pricing_type text;
alter table {whatsapp_statuses} add column conversation_id text;
alter table {whatsapp_statuses} add column conversation_origin text;
alter table {whatsapp_statuses} add column conversation_expires_at timestamp without time zone;
alter table {whatsapp_statuses} add column callback_data text;
comment on column {whatsapp_statuses}.billable is 'Whether the message costs anything; null if no status has told.';
comment on column {whatsapp_statuses}.conversation_id is 'WhatsApp''s id of what it counts as one conversation.';
comment on column {whatsapp_statuses}.callback_data is 'What the application gave along when it sent the message.';

create table {whatsapp_participants} (
  provider_id text not null,
  participant text not null,
  phone text,
  user_id text,
  sent_at timestamp without time zone,
  delivered_at timestamp without time zone,
  read_at timestamp without time zone,
  played_at timestamp without time zone,
  failed_at timestamp without time zone,
  deleted_at timestamp without time zone,
  constraint {whatsapp_participants_pkey} primary key (provider_id, participant)
);
comment on table {whatsapp_participants} is 'What became of messages to groups, member by member. Times are UTC, of each'
  ' state the first.';
comment on column {whatsapp_participants}.participant is 'The member''s user id, or else the number.';

-- Outlives its customer: who wants no advertising doesn't want it either once the customer is made again.
create table {whatsapp_consents} (
  address text not null,
  category text not null,
  told_at timestamp without time zone not null,
  value text not null,
  place integer not null,
  customer_id integer,
  phone text,
  user_id text,
  detail text,
  phone_number_id text,
  constraint {whatsapp_consents_pkey} primary key (address, category, told_at, value),
  constraint {whatsapp_consents_customer_id_fkey} foreign key (customer_id) references {customers} (id) on delete set null
);
create index {whatsapp_consents_customer_id_idx} on {whatsapp_consents} (customer_id);
comment on table {whatsapp_consents} is 'Who wants no advertising, or wants it again, and since when, as told to WhatsApp.';
comment on column {whatsapp_consents}.address is 'The user id, or else the phone number.';
comment on column {whatsapp_consents}.category is 'Of what: marketing_messages, for instance.';
comment on column {whatsapp_consents}.value is 'As WhatsApp names it: stop or resume.';
