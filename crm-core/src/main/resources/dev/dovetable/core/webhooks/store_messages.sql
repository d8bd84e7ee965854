-- What store_webhook() does, if there are only messages, whose senders are all known and of whom nothing new is told; else
-- nothing, and null. One statement, so it can be prepared and isn't planned each time; and a short one, because to start
-- it takes a good part of its time. Tables are looked up row by row, by their primary keys: joins would be planned for
-- how large the tables were then.
-- Slots: the content, and, as literals, the schema and the name of the table of messages.
with content as materialized (
  select {content} as value
),
message as materialized (
  select m.*, d.provider_id is not null as is_known, d.message_id as known_id
  from content c
  cross join pg_catalog.jsonb_to_recordset(c.value -> 'messages') as m (
    provider_id text, sender integer, direction text, text text, sent_at timestamp, kind text, reply_to text,
    concerns text, media_id text, mime_type text, caption text, file_name text, sha256 text, latitude numeric,
    longitude numeric, payload jsonb, by_number text, by_user_id text, place integer,
    phone_number_id text, participant_phone text, participant_user_id text, participant_name text, new_text text, emoji text)
  left join lateral (
    select d.provider_id, d.message_id
    from "{schema}"."{prefix}_whatsapp_deliveries" d
    where d.provider_id = m.provider_id
    limit 1
  ) as d on true
),
sender as materialized (
  select
    a.*,
    i.customer_id,
    i.place,
    coalesce(
      i.usual_from <= a.first_seen
        and (a.name is null or a.name = i.usual_name)
        and (a.username is null or a.username = i.username)
        and (a.parent_user_id is null or a.parent_user_id = i.parent_user_id)
        and (a.is_told or i.customer_id is not null),
      false) as is_usual,
    a.last_seen > i.last_seen
      or a.first_seen < i.first_seen
      or a.named is not null and (a.named <= i.named) is not true
      or a.username_seen is not null and (a.username_seen <= i.username_seen) is not true as is_newer
  from content c
  cross join pg_catalog.jsonb_to_recordset(c.value -> 'senders') as a (
    number integer, user_id text, phone text, first_seen text, last_seen text, name text, named text, username text,
    username_seen text, parent_user_id text, is_told boolean)
  left join lateral (
    select i.ctid as place, i.customer_id, i.usual_from, i.usual_name, i.username, i.parent_user_id, i.first_seen,
      i.last_seen, i.named, i.username_seen
    from "{schema}"."{prefix}_whatsapp_sightings" i
    where i.user_id = a.user_id and i.phone = a.phone
    limit 1
  ) as i on true
),
usual as materialized (
  select
    pg_catalog.current_setting('transaction_isolation') = 'read committed'
      and not exists (select from sender s where not s.is_usual) as is_so
),
seen as (
  update "{schema}"."{prefix}_whatsapp_sightings" t set
    first_seen = least(t.first_seen, s.first_seen),
    last_seen = greatest(t.last_seen, s.last_seen),
    name = case when s.named <= t.named then t.name else coalesce(s.name, t.name) end,
    named = greatest(t.named, s.named),
    username_seen = greatest(t.username_seen, s.username_seen)
  -- By where the row is, which nobody changes without the agent's lock: by the key, all rows could be read for a join.
  from sender s
  where (select u.is_so from usual u) and s.is_newer and t.ctid = s.place
),
fresh as materialized (
  select
    o.*,
    pg_catalog.nextval(
      (select pg_catalog.pg_get_serial_sequence(pg_catalog.format('%I.%I', {schema}, {messages}), 'id')::regclass)
    )::integer as id
  from (
    select m.*, s.customer_id
    from usual u
    cross join message m
    join sender s on s.number = m.sender
    where u.is_so and not m.is_known
    order by m.sent_at, m.place, m.provider_id
  ) as o
),
delivered as (
  insert into "{schema}"."{prefix}_whatsapp_deliveries" (
    provider_id, message_id, kind, reply_to, concerns, media_id, mime_type, caption, file_name, sha256, latitude,
    longitude, payload, by_number, by_user_id, place, phone_number_id, participant_phone, participant_user_id,
    participant_name, new_text, emoji)
  select f.provider_id, f.id, f.kind, f.reply_to, f.concerns, f.media_id, f.mime_type, f.caption, f.file_name,
    f.sha256, f.latitude, f.longitude, f.payload, f.by_number, f.by_user_id, f.place, f.phone_number_id,
    f.participant_phone, f.participant_user_id, f.participant_name, f.new_text, f.emoji
  from fresh f
  on conflict (provider_id) do nothing
  returning provider_id, message_id
),
recorded as (
  insert into "{schema}"."{prefix}_messages" (id, customer_id, message, direction, timestamp)
  select f.id, f.customer_id, f.text, f.direction, f.sent_at
  from delivered d
  join fresh f on f.id = d.message_id
)
select case
  when u.is_so then (
    select coalesce(
      pg_catalog.jsonb_object_agg(
        k.provider_id,
        pg_catalog.jsonb_build_object('message_id', k.message_id, 'customer_id', k.customer_id, 'stored', k.stored)),
      '{}')
    from (
      select
        m.provider_id,
        m.known_id as message_id,
        (select k.customer_id from "{schema}"."{prefix}_messages" k where k.id = m.known_id) as customer_id,
        false as stored
      from message m
      where m.is_known
      union all
      select d.provider_id, d.message_id, f.customer_id, true
      from delivered d
      join fresh f on f.id = d.message_id
    ) as k
  )
end
from usual u
