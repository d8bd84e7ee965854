-- Merges statuses into those that are there, and has store_webhook() store the messages beside them, or what is new of the
-- recipients; null in a transaction that can't see what others have stored since it began. Made like store_messages.sql, for
-- the same reasons.
-- Slots: the content, store_webhook() and, as a literal, the agent's prefix.
with content as materialized (
  select {content} as value
  where pg_catalog.current_setting('transaction_isolation') = 'read committed'
),
sender as materialized (
  select
    a.*,
    i.place,
    coalesce(
      i.usual_from <= a.first_seen
        and (a.name is null or a.name = i.usual_name)
        and (a.username is null or a.username = i.username)
        and (a.parent_user_id is null or a.parent_user_id = i.parent_user_id),
      false) as is_usual
  from content c
  cross join pg_catalog.jsonb_to_recordset(c.value -> 'senders') as a (
    user_id text, phone text, first_seen text, last_seen text, name text, named text, username text, username_seen text,
    parent_user_id text)
  left join lateral (
    select i.ctid as place, i.usual_from, i.usual_name, i.username, i.parent_user_id
    from "{schema}"."{prefix}_whatsapp_sightings" i
    where i.user_id = a.user_id and i.phone = a.phone
    limit 1
  ) as i on true
),
usual as materialized (
  select
    c.value -> 'messages' = '[]'
      and c.value -> 'consents' = '[]'
      and not exists (select from sender s where not s.is_usual) as is_so
  from content c
),
seen as (
  update "{schema}"."{prefix}_whatsapp_sightings" t set
    first_seen = least(t.first_seen, s.first_seen),
    last_seen = greatest(t.last_seen, s.last_seen),
    name = case when s.named <= t.named then t.name else coalesce(s.name, t.name) end,
    named = greatest(t.named, s.named),
    username_seen = greatest(t.username_seen, s.username_seen)
  -- By where the row is, as in store_messages.sql.
  from (
    select
      s.place,
      pg_catalog.min(s.first_seen collate "C") as first_seen,
      pg_catalog.max(s.last_seen collate "C") as last_seen,
      pg_catalog.max(s.name) as name,
      pg_catalog.max(s.named collate "C") as named,
      pg_catalog.max(s.username_seen collate "C") as username_seen
    from sender s
    group by s.place
  ) as s
  where (select u.is_so from usual u) and t.ctid = s.place
    and (
      s.last_seen > t.last_seen
      or s.first_seen < t.first_seen
      or s.named is not null and (s.named <= t.named) is not true
      or s.username_seen is not null and (s.username_seen <= t.username_seen) is not true
    )
),
-- Tells of messages that the rest of this statement can't see yet.
stored as materialized (
  select case when u.is_so then '{}' else {store_webhook}({agent}, c.value) end as known
  from content c
  cross join usual u
),
status as materialized (
  select s.*
  from content c
  cross join pg_catalog.jsonb_to_recordset(c.value -> 'statuses') as s (
    provider_id text, state text, at timestamp, errors jsonb, billable boolean, pricing_model text, pricing_category text,
    pricing_type text, conversation_id text, conversation_origin text, conversation_expires_at timestamp,
    callback_data text, participant text, participant_phone text, participant_user_id text, phone_number_id text)
),
-- The first time of each state, and the errors of the first failure: the same in whatever order they come.
merged as (
  insert into "{schema}"."{prefix}_whatsapp_statuses" as t (
    provider_id, sent_at, delivered_at, read_at, played_at, failed_at, deleted_at, errors, billable, pricing_model,
    pricing_category, pricing_type, conversation_id, conversation_origin, conversation_expires_at, callback_data)
  select
    s.provider_id,
    pg_catalog.min(s.at) filter (where s.state = 'sent'),
    pg_catalog.min(s.at) filter (where s.state = 'delivered'),
    pg_catalog.min(s.at) filter (where s.state = 'read'),
    pg_catalog.min(s.at) filter (where s.state = 'played'),
    pg_catalog.min(s.at) filter (where s.state = 'failed'),
    pg_catalog.min(s.at) filter (where s.state = 'deleted'),
    coalesce((pg_catalog.array_agg(s.errors order by s.at, s.errors) filter (where s.state = 'failed'))[1], '[]'),
    -- All statuses of a message tell the same, as far as they tell it.
    pg_catalog.bool_or(s.billable),
    pg_catalog.min(s.pricing_model),
    pg_catalog.min(s.pricing_category),
    pg_catalog.min(s.pricing_type),
    pg_catalog.min(s.conversation_id),
    pg_catalog.min(s.conversation_origin),
    pg_catalog.max(s.conversation_expires_at),
    pg_catalog.min(s.callback_data)
  from status s
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
    end,
    billable = coalesce(t.billable or excluded.billable, t.billable, excluded.billable),
    pricing_model = least(t.pricing_model, excluded.pricing_model),
    pricing_category = least(t.pricing_category, excluded.pricing_category),
    pricing_type = least(t.pricing_type, excluded.pricing_type),
    conversation_id = least(t.conversation_id, excluded.conversation_id),
    conversation_origin = least(t.conversation_origin, excluded.conversation_origin),
    conversation_expires_at = greatest(t.conversation_expires_at, excluded.conversation_expires_at),
    callback_data = least(t.callback_data, excluded.callback_data)
),
members as (
  insert into "{schema}"."{prefix}_whatsapp_participants" as t (
    provider_id, participant, phone, user_id, sent_at, delivered_at, read_at, played_at, failed_at, deleted_at)
  select
    s.provider_id,
    s.participant,
    pg_catalog.min(s.participant_phone),
    pg_catalog.min(s.participant_user_id),
    pg_catalog.min(s.at) filter (where s.state = 'sent'),
    pg_catalog.min(s.at) filter (where s.state = 'delivered'),
    pg_catalog.min(s.at) filter (where s.state = 'read'),
    pg_catalog.min(s.at) filter (where s.state = 'played'),
    pg_catalog.min(s.at) filter (where s.state = 'failed'),
    pg_catalog.min(s.at) filter (where s.state = 'deleted')
  from status s
  -- Of a message that was deleted, who was told it is forgotten, too.
  where s.participant is not null
    and (
      select d.message_id is null
      from "{schema}"."{prefix}_whatsapp_deliveries" d
      where d.provider_id = s.provider_id
      limit 1
    ) is not true
  group by s.provider_id, s.participant
  order by s.provider_id, s.participant
  on conflict (provider_id, participant) do update set
    phone = least(t.phone, excluded.phone),
    sent_at = least(t.sent_at, excluded.sent_at),
    delivered_at = least(t.delivered_at, excluded.delivered_at),
    read_at = least(t.read_at, excluded.read_at),
    played_at = least(t.played_at, excluded.played_at),
    failed_at = least(t.failed_at, excluded.failed_at),
    deleted_at = least(t.deleted_at, excluded.deleted_at)
),
known as materialized (
  select
    s.provider_id,
    s.phone_number_id,
    d.message_id,
    -- What the application has recorded has no number yet.
    case when d.phone_number_id is null and d.message_id is not null then d.place end as unnumbered,
    (select m.customer_id from "{schema}"."{prefix}_messages" m where m.id = d.message_id) as customer_id
  from (
    select s.provider_id, pg_catalog.min(s.phone_number_id) as phone_number_id from status s group by s.provider_id
  ) as s
  cross join lateral (
    select d.ctid as place, d.message_id, d.phone_number_id
    from "{schema}"."{prefix}_whatsapp_deliveries" d
    where d.provider_id = s.provider_id
    limit 1
  ) as d
),
-- By where the row is, as above. If somebody changes it meanwhile, the next status tells the number.
numbered as (
  update "{schema}"."{prefix}_whatsapp_deliveries" t set phone_number_id = k.phone_number_id
  from known k
  where t.ctid = k.unnumbered and k.phone_number_id is not null
)
select (
  select (
    select coalesce(
      pg_catalog.jsonb_object_agg(
        k.provider_id,
        pg_catalog.jsonb_build_object('message_id', k.message_id, 'customer_id', k.customer_id, 'stored', false)),
      '{}')
    from known k
  ) || s.known
  from stored s
)
