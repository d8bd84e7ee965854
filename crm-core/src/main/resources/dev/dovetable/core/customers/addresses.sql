-- By what a customer is known. A number that was seen by itself and with a user id is told once. Slots: the customer's id.
select pg_catalog.jsonb_build_object(
  'name', c.name,
  'phone', c.phone,
  'follows_name', coalesce(c.name = p.name, false),
  'follows_phone', coalesce(c.phone = p.phone, false),
  'numbers', coalesce((
    select pg_catalog.jsonb_agg(
      pg_catalog.jsonb_build_object('phone', n.phone, 'since', n.since, 'until', n.until)
      order by n.since, n.phone)
    from (
      select
        (pg_catalog.array_agg(s.phone order by s.first_seen, s.phone))[1] as phone,
        pg_catalog.left(pg_catalog.min(s.first_seen), 26) as since,
        case when count(*) = pg_catalog.count(s.ended) then pg_catalog.left(pg_catalog.max(s.ended), 26) end as until
      from "{schema}"."{prefix}_whatsapp_sightings" s
      where s.customer_id = c.id and s.phone <> ''
      group by s.match_key
    ) as n
  ), '[]'),
  'user_ids', coalesce((
    select pg_catalog.jsonb_agg(u.user_id order by u.since, u.user_id)
    from (
      select s.user_id, pg_catalog.min(s.first_seen) as since
      from "{schema}"."{prefix}_whatsapp_sightings" s
      where s.customer_id = c.id and s.user_id <> '' and s.kind = 'person'
      group by s.user_id
    ) as u
  ), '[]'),
  'username', (
    select s.username
    from "{schema}"."{prefix}_whatsapp_sightings" s
    where s.customer_id = c.id and s.username is not null
    order by s.username_seen desc, s.username desc
    limit 1
  ),
  'parent_user_id', (
    select s.parent_user_id
    from "{schema}"."{prefix}_whatsapp_sightings" s
    where s.customer_id = c.id and s.parent_user_id is not null
    order by s.last_seen desc, s.parent_user_id desc
    limit 1
  ))
from "{schema}"."{prefix}_customers" c
left join "{schema}"."{prefix}_whatsapp_profiles" p on p.customer_id = c.id
where c.id = {customer}
