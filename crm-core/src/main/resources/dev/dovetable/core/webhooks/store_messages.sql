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
  cross join jsonb_to_recordset(c.value -> 'messages') as m (
    provider_id text, sender integer, direction text, text text, sent_at timestamp, kind text, reply_to text,
    concerns text, media_id text, mime_type text, caption text, file_name text, sha256 text, latitude numeric,
    longitude numeric, payload jsonb)
  left join lateral (
    select d.provider_id, d.message_id
    from "{schema}"."{prefix}_whatsapp_deliveries" d
    where d.provider_id = m.provider_id
    limit 1
  ) as d on true
),
sender as materialized (
  select
    a.sender as number,
    min(i.customer_id) as customer_id,
    min(i.customer_id) = max(i.customer_id) and bool_and(coalesce(
      i.match_key = a.match_key
        and a.seen_at >= i.seen_at
        and (a.named_at is null or i.named_at is not null)
        and ((a.named_at, a.name collate "C") < (i.named_at, i.name collate "C")) is not true,
      false)) as is_usual
  from content c
  cross join jsonb_to_recordset(c.value -> 'aliases') as a (
    sender integer, kind text, value text, match_key text, seen_at timestamp, name text, named_at timestamp)
  left join lateral (
    select i.customer_id, i.match_key, i.seen_at, i.name, i.named_at
    from "{schema}"."{prefix}_whatsapp_identities" i
    where i.kind = a.kind and i.value = a.value
    limit 1
  ) as i on true
  group by a.sender
),
usual as materialized (
  select
    current_setting('transaction_isolation') = 'read committed'
      and not exists (select from sender s where s.is_usual is not true) as is_so
),
fresh as materialized (
  select
    o.*,
    nextval((select pg_get_serial_sequence(format('%I.%I', {schema}, {messages}), 'id')::regclass))::integer as id
  from (
    select m.*, s.customer_id
    from usual u
    cross join message m
    join sender s on s.number = m.sender
    where u.is_so and not m.is_known
    order by m.sent_at, m.provider_id
  ) as o
),
delivered as (
  insert into "{schema}"."{prefix}_whatsapp_deliveries" (
    provider_id, message_id, kind, reply_to, concerns, media_id, mime_type, caption, file_name, sha256, latitude,
    longitude, payload)
  select f.provider_id, f.id, f.kind, f.reply_to, f.concerns, f.media_id, f.mime_type, f.caption, f.file_name,
    f.sha256, f.latitude, f.longitude, f.payload
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
      jsonb_object_agg(k.provider_id, jsonb_build_object('message_id', k.message_id, 'stored', k.stored)), '{}')
    from (
      select m.provider_id, m.known_id as message_id, false as stored from message m where m.is_known
      union all
      select d.provider_id, d.message_id, true from delivered d
    ) as k
  )
end
from usual u
