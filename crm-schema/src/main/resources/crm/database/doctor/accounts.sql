-- Accounts without a row in users, and rows without an account: of each kind, how many there are, and the first of them. By
-- ids alone: no address is told.
-- Parameters: the schema and the private schema.
with
  home as (select ?::text as name, ?::text as private_name),
  lone_account as materialized (
    select a.id, h.id as holder, count(*) over () as total
    from auth.users a
    left join lateral (
      select u.id from users u where lower(u.email) = lower(a.email) order by u.created_at limit 1
    ) as h on true
    where a.email <> '' and to_jsonb(a) ->> 'deleted_at' is null and not exists (select from users u where u.id = a.id)
    order by a.id
    limit 20
  ),
  lone_row as materialized (
    select u.id, count(*) over () as total
    from users u
    where not exists (select from auth.users a where a.id = u.id)
    order by u.id
    limit 20
  )
select 'account' as kind, l.id::text as name, l.total,
  case
    when l.holder is null then
      format('insert into %1$I.users (id, name, email, role) select id, split_part(email, ''@'', 1), email, ''agent'''
        ' from auth.users where id = %2$L', home.name, l.id)
    else format('select %I.link_user(%L, %L)', home.private_name, l.holder, l.id)
  end as statement
from home
cross join lone_account l
union all
select 'row', string_agg(l.id::text, ', ' order by l.id), max(l.total),
  format('select %I.link_user(<id in users>, <id in auth.users>)', home.private_name)
from home
cross join lone_row l
group by home.private_name
order by 1, 2
