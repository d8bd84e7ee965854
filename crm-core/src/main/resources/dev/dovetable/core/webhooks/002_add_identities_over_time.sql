-- Who people are, by time. Written by find_or_make_customers(); positions are a time and the provider's id of what told it,
-- as text that sorts.
create table {whatsapp_sightings} (
  user_id text collate "C" not null,
  phone text collate "C" not null,
  match_key text collate "C" not null,
  kind text not null,
  first_seen text collate "C" not null,
  last_seen text collate "C" not null,
  customer_id integer,
  ended text collate "C",
  name text collate "C",
  named text collate "C",
  username text collate "C",
  username_seen text collate "C",
  parent_user_id text collate "C",
  usual_from text collate "C",
  usual_name text collate "C",
  constraint {whatsapp_sightings_pkey} primary key (user_id, phone),
  constraint {whatsapp_sightings_customer_id_fkey} foreign key (customer_id) references {customers} (id) on delete cascade,
  constraint {whatsapp_sightings_kind_check} check (kind in ('person', 'group')),
  constraint {whatsapp_sightings_user_id_check} check (user_id <> '' or phone <> '')
) with (fillfactor = 80);
create index {whatsapp_sightings_match_key_idx} on {whatsapp_sightings} (match_key) where match_key <> '';
comment on table {whatsapp_sightings} is 'By which user ids and phone numbers, together or alone, people were seen. A user'
  ' id is one customer''s for ever, a number for a time.';
comment on column {whatsapp_sightings}.user_id is 'Empty if there was only a number. The id of a group, if kind is group.';
comment on column {whatsapp_sightings}.phone is 'As WhatsApp writes it; empty if there was only a user id.';
comment on column {whatsapp_sightings}.match_key is 'The same for all ways to write one phone number.';
comment on column {whatsapp_sightings}.first_seen is 'The first position at which they were seen together: a UTC time, a'
  ' space, and WhatsApp''s id of the message.';
comment on column {whatsapp_sightings}.customer_id is 'Null as long as the person is no customer.';
comment on column {whatsapp_sightings}.ended is 'Since when the number is somebody else''s; null if it is still theirs.';
comment on column {whatsapp_sightings}.name is 'The newest name, told at named.';
comment on column {whatsapp_sightings}.usual_from is 'From this position on, seeing them again tells nothing new, if the'
  ' name is usual_name; null if it may.';

create table {whatsapp_changes} (
  source text collate "C" not null,
  seen text collate "C" not null,
  user_id text collate "C" not null,
  phone text collate "C" not null,
  match_key text collate "C" not null,
  new_user_id text collate "C" not null,
  new_phone text collate "C" not null,
  new_match_key text collate "C" not null,
  ids text[] not null,
  customer_id integer,
  constraint {whatsapp_changes_pkey} primary key (source),
  constraint {whatsapp_changes_customer_id_fkey} foreign key (customer_id) references {customers} (id) on delete cascade
);
create index {whatsapp_changes_ids_idx} on {whatsapp_changes} using gin (ids);
comment on table {whatsapp_changes} is 'Messages by which WhatsApp says that somebody goes by other ids from then on.';
comment on column {whatsapp_changes}.ids is 'All of them: u and a user id, p and the key of a number.';

create table {whatsapp_merges} (
  lost_id integer not null,
  kept_id integer not null,
  merged_at timestamp without time zone not null default timezone('utc', now()),
  source text,
  customer jsonb,
  moved jsonb not null,
  left_behind text[] not null default '{}',
  undone_at timestamp without time zone,
  constraint {whatsapp_merges_pkey} primary key (lost_id, kept_id),
  constraint {whatsapp_merges_kept_id_fkey} foreign key (kept_id) references {customers} (id) on delete cascade
);
comment on table {whatsapp_merges} is 'Customers that messages showed to be one, and messages by a number alone that turned'
  ' out to be another customer''s.';
comment on column {whatsapp_merges}.source is 'WhatsApp''s id of the message that showed it.';
comment on column {whatsapp_merges}.customer is 'The row of the lost customer; null if only messages were moved.';
comment on column {whatsapp_merges}.moved is 'Which rows were moved, by their primary keys.';
comment on column {whatsapp_merges}.left_behind is 'Tables with rows that could not be moved, for which the lost customer is'
  ' still there.';
comment on column {whatsapp_merges}.undone_at is 'Since when these two are kept apart.';

-- Of customers with one user id, or none, the pairs are known; of others each by itself.
insert into {whatsapp_sightings} (user_id, phone, match_key, kind, first_seen, last_seen, customer_id, name, named)
select
  case when i.kind = 'user_id' then i.value when p.user_ids = 1 then p.user_id else '' end,
  case when i.kind = 'user_id' then '' else i.value end,
  case when i.kind = 'user_id' then '' else i.match_key end,
  'person',
  to_char(i.seen_at, 'YYYY-MM-DD HH24:MI:SS.US '),
  to_char(i.seen_at, 'YYYY-MM-DD HH24:MI:SS.US '),
  i.customer_id,
  i.name,
  to_char(i.named_at, 'YYYY-MM-DD HH24:MI:SS.US ')
from {whatsapp_identities} i
left join lateral (
  select count(*) as user_ids, min(u.value) as user_id
  from {whatsapp_identities} u
  where u.customer_id = i.customer_id and u.kind = 'user_id'
) as p on true;
drop table {whatsapp_identities};

alter table {whatsapp_deliveries} add column by_number text collate "C", add column by_user_id text collate "C";
create index {whatsapp_deliveries_by_number_idx} on {whatsapp_deliveries} (by_number) where by_number is not null;
comment on column {whatsapp_deliveries}.by_number is 'The key of the number by which the customer was told, if there was no'
  ' user id.';
comment on column {whatsapp_deliveries}.by_user_id is 'The user id by which the customer was told.';

create index {customers_phone_key_idx} on {customers} ({crm}.phone_key(phone));
