-- What store_webhook() does, for messages whose senders are all known and of whom nothing new is told; else nothing, and
-- null. As one statement it can be prepared, so it isn't planned each time. Tables are looked up row by row, by their
-- primary keys: joins would be planned for how large the tables were then.
-- Slots: the content, and, as literals, the schema and the name of the table of messages.
with content as materialized (
  select {content} as value
),
message as materialized (
  select m.*
  from content c
  cross join jsonb_to_recordset(c.value -> 'messages') as m (
    provider_id text, sender integer, direction text, text text, sent_at timestamp, kind text, reply_to text,
    concerns text, media_id text, mime_type text, caption text, file_name text, sha256 text, latitude numeric,
    longitude numeric, payload jsonb)
),
status as materialized (
  select s.*
  from content c
  cross join jsonb_to_recordset(c.value -> 'statuses') as s (provider_id text, state text, at timestamp, errors jsonb)
),
earlier as materialized (
  select c.provider_id, d.message_id
  from (select m.provider_id from message m union select s.provider_id from status s) as c
  cross join lateral (
    select d.message_id from "{schema}"."{prefix}_whatsapp_deliveries" d where d.provider_id = c.provider_id limit 1
  ) as d
),
fresh as materialized (
  select m.*
  from message m
  where m.provider_id not in (select e.provider_id from earlier e)
),
sender as materialized (
  select
    s.number,
    min(i.customer_id) as customer_id,
    min(i.customer_id) = max(i.customer_id) and bool_and(coalesce(
      i.match_key = a.match_key
        and a.seen_at >= i.seen_at
        and (a.named_at is null or i.named_at is not null)
        and ((a.named_at, a.name collate "C") < (i.named_at, i.name collate "C")) is not true,
      false)) as is_usual
  from (select distinct f.sender as number from fresh f) as s
  cross join content c
  left join jsonb_to_recordset(c.value -> 'senders' -> (s.number - 1)) as a (
    kind text, value text, match_key text, seen_at timestamp, name text, named_at timestamp) on true
  left join lateral (
    select i.customer_id, i.match_key, i.seen_at, i.name, i.named_at
    from "{schema}"."{prefix}_whatsapp_identities" i
    where i.kind = a.kind and i.value = a.value
    limit 1
  ) as i on true
  group by s.number
),
usual as materialized (
  select
    current_setting('transaction_isolation') = 'read committed'
      and coalesce((select bool_and(coalesce(s.is_usual, false)) from sender s), true) as is_so
),
numbered as materialized (
  select o.provider_id, nextval(o.id_sequence)::integer as message_id
  from (
    select f.provider_id, q.id_sequence
    from (select pg_get_serial_sequence(format('%I.%I', {schema}, {messages}), 'id')::regclass as id_sequence) as q
    cross join usual u
    cross join fresh f
    where u.is_so
    order by f.sent_at, f.provider_id
  ) as o
),
delivered as (
  insert into "{schema}"."{prefix}_whatsapp_deliveries" (provider_id, message_id)
  select n.provider_id, n.message_id from numbered n
  on conflict (provider_id) do nothing
  returning provider_id, message_id
),
recorded as (
  insert into "{schema}"."{prefix}_messages" (id, customer_id, message, direction, timestamp)
  select d.message_id, s.customer_id, f.text, f.direction, f.sent_at
  from delivered d
  join fresh f on f.provider_id = d.provider_id
  join sender s on s.number = f.sender
),
detailed as (
  insert into "{schema}"."{prefix}_whatsapp_details" (
    message_id, kind, reply_to, concerns, media_id, mime_type, caption, file_name, sha256, latitude, longitude, payload)
  select d.message_id, f.kind, f.reply_to, f.concerns, f.media_id, f.mime_type, f.caption, f.file_name, f.sha256,
    f.latitude, f.longitude, f.payload
  from delivered d
  join fresh f on f.provider_id = d.provider_id
),
merged as (
  insert into "{schema}"."{prefix}_whatsapp_statuses" as t (
    provider_id, sent_at, delivered_at, read_at, played_at, failed_at, deleted_at, errors)
  select
    s.provider_id,
    min(s.at) filter (where s.state = 'sent'),
    min(s.at) filter (where s.state = 'delivered'),
    min(s.at) filter (where s.state = 'read'),
    min(s.at) filter (where s.state = 'played'),
    min(s.at) filter (where s.state = 'failed'),
    min(s.at) filter (where s.state = 'deleted'),
    coalesce((array_agg(s.errors order by s.at, s.errors) filter (where s.state = 'failed'))[1], '[]')
  from status s
  cross join usual u
  where u.is_so
  group by s.provider_id
  order by s.provider_id
  on conflict (provider_id) do update set
    sent_at = least(t.sent_at, excluded.sent_at),
    delivered_at = least(t.delivered_at, excluded.delivered_at),
    read_at = least(t.read_at, excluded.read_at),
    played_at = least(t.played_at, excluded.played_at),
    failed_at = least(t.failed_at, excluded.failed_at),
    deleted_at = least(t.deleted_at, excluded.deleted_at),
    errors = case
      when t.failed_at is null or (excluded.failed_at, excluded.errors) < (t.failed_at, t.errors)
      then excluded.errors
      else t.errors
    end
),
known as (
  select e.provider_id, e.message_id, false as stored from earlier e
  union all
  select d.provider_id, d.message_id, true from delivered d
)
select case
  when u.is_so then (
    select coalesce(
      jsonb_object_agg(k.provider_id, jsonb_build_object('message_id', k.message_id, 'stored', k.stored)), '{}')
    from known k
  )
end
from usual u
