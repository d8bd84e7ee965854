-- Merges statuses into those that are there, and has store_webhook() store the messages beside them; null in a transaction
-- that can't see what others have stored since it began. Made like store_messages.sql, for the same reasons.
-- Slots: the content, store_webhook() and, as a literal, the agent's prefix.
with content as materialized (
  select {content} as value
  where current_setting('transaction_isolation') = 'read committed'
),
-- Tells of messages that the rest of this statement can't see yet.
stored as materialized (
  select case when c.value -> 'messages' = '[]' then '{}' else {store_webhook}({agent}, c.value) end as known
  from content c
),
status as materialized (
  select s.*
  from content c
  cross join jsonb_to_recordset(c.value -> 'statuses') as s (provider_id text, state text, at timestamp, errors jsonb)
),
-- The first time of each state, and the errors of the first failure: the same in whatever order they come.
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
known as materialized (
  select s.provider_id, d.message_id
  from (select distinct s.provider_id from status s) as s
  cross join lateral (
    select d.message_id
    from "{schema}"."{prefix}_whatsapp_deliveries" d
    where d.provider_id = s.provider_id
    limit 1
  ) as d
)
select (
  select (
    select coalesce(
      jsonb_object_agg(k.provider_id, jsonb_build_object('message_id', k.message_id, 'stored', false)), '{}')
    from known k
  ) || s.known
  from stored s
)
