-- A value: what became of message m, whose delivery is d, and what others did with it. Edits, revocations and reactions are
-- messages of their own, folded here in the order in which they were sent. What is looked up for a row is looked up row by
-- row: a join would be planned by how large the tables were then, and a conversation has few rows of all that there are.
(
  with concerning as materialized (
    select
      e.kind,
      e.new_text,
      e.emoji,
      w.timestamp as at,
      w.direction,
      e.participant_phone,
      e.participant_user_id,
      e.participant_name,
      row_number() over (
        partition by e.kind, w.direction, coalesce(e.participant_user_id, e.participant_phone)
        order by w.timestamp desc, e.place desc nulls last, e.provider_id desc) as age
    from "{schema}"."{prefix}_whatsapp_deliveries" e
    cross join lateral (
      select w.customer_id, w.direction, w.timestamp
      from "{schema}"."{prefix}_messages" w
      where w.id = e.message_id
      limit 1
    ) as w
    where e.concerns = d.provider_id
      and w.customer_id = m.customer_id
      and (e.kind = 'reaction' or w.direction = m.direction)
  )
  select pg_catalog.jsonb_build_object(
    'provider_id', d.provider_id,
    'phone_number_id', d.phone_number_id,
    'sent_by', d.sent_by,
    'status', (
      select pg_catalog.to_jsonb(s) || pg_catalog.jsonb_build_object('errors', s.errors::text)
      from "{schema}"."{prefix}_whatsapp_statuses" s
      where s.provider_id = d.provider_id
      limit 1),
    'members', (
      select coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(p) order by p.participant), '[]')
      from "{schema}"."{prefix}_whatsapp_participants" p
      where p.provider_id = d.provider_id),
    'edit', (
      select pg_catalog.jsonb_build_object('text', c.new_text, 'at', c.at)
      from concerning c
      where c.kind = 'edit' and c.new_text is not null
      order by c.at desc, c.age
      limit 1),
    'revoked_at', (select pg_catalog.min(c.at) from concerning c where c.kind = 'revoke'),
    'reactions', (
      select coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(c) order by c.at), '[]')
      from concerning c
      where c.kind = 'reaction' and c.age = 1 and c.emoji is not null)
  )
)
