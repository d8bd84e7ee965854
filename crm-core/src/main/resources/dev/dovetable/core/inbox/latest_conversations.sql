-- Customers with the latest message of each, newest first. The newest messages are walked through, and in them each
-- customer's first one is taken. If these are too few, because customers have many messages one after the other, some more
-- are walked through; and if that doesn't do either, the index by customer and time is followed from customer to customer.
-- So no list costs more than one look-up for each customer, however many messages there are, and the usual one costs a few
-- hundred index entries. What isn't needed isn't run.
-- Slots: as literals, how many are wanted and the lengths of both walks, because how much is read decides on the plan; and
-- three conditions, which are none where there is no page before: one that always holds would be planned for.
with recursive walked_0 as (
  select m.id, m.customer_id, m.timestamp
  from "{schema}"."{prefix}_messages" m
  where m.timestamp is not null and {is_after}
  order by m.timestamp desc, m.id desc
  limit {length_0}
),
found_0 as (
  select f.id
  from (
    select distinct on (w.customer_id) w.id, w.customer_id, w.timestamp
    from walked_0 w
    order by w.customer_id, w.timestamp desc, w.id desc
  ) as f
  where {is_on_no_page_before}
  order by f.timestamp desc, f.id desc
  limit {wanted}
),
walked_1 as (
  select m.id, m.customer_id, m.timestamp
  from "{schema}"."{prefix}_messages" m
  where m.timestamp is not null
    and (select count(*) from found_0) < {wanted}
    and (select count(*) from walked_0) = {length_0}
    and {is_after}
  order by m.timestamp desc, m.id desc
  limit {length_1}
),
found_1 as (
  select f.id
  from (
    select distinct on (w.customer_id) w.id, w.customer_id, w.timestamp
    from walked_1 w
    order by w.customer_id, w.timestamp desc, w.id desc
  ) as f
  where {is_on_no_page_before}
  order by f.timestamp desc, f.id desc
  limit {wanted}
),
-- Each step is one look-up in the index by customer and time, whose order serves nothing else: with the id in it, or looked
-- up for one customer, a planner may well prefer to walk through the whole timestamp index.
customers (customer_id, timestamp) as (
  (
    select m.customer_id, m.timestamp
    from "{schema}"."{prefix}_messages" m
    where m.timestamp is not null
      and (select count(*) from found_1) < {wanted}
      and (select count(*) from walked_1) = {length_1}
    order by m.customer_id, m.timestamp desc
    limit 1
  )
  union all
  select n.customer_id, n.timestamp
  from customers c
  cross join lateral (
    select m.customer_id, m.timestamp
    from "{schema}"."{prefix}_messages" m
    where m.customer_id > c.customer_id and m.timestamp is not null
    order by m.customer_id, m.timestamp desc
    limit 1
  ) as n
),
-- Times are whole seconds, so a customer's last one may be that of several messages.
latest (id) as (
  select f.id from found_1 f
  union
  (
    select f.id from found_0 f
    union
    (
      select m.id
      from customers c
      cross join lateral (
        select pg_catalog.max(o.id) as id
        from "{schema}"."{prefix}_messages" o
        where o.customer_id = c.customer_id and o.timestamp = c.timestamp
      ) as m
      where {is_last_after}
      order by c.timestamp desc, m.id desc
      limit {wanted}
    )
  )
)
-- Limited to one, so that it is a look-up, and not a join by reading the whole table.
select c.id, c.name, c.phone, c.created_at, m.id, m.customer_id, m.message, m.direction, m.timestamp
from latest l
cross join lateral (
  select o.* from "{schema}"."{prefix}_messages" o where o.id = l.id limit 1
) as m
join "{schema}"."{prefix}_customers" c on c.id = m.customer_id
order by m.timestamp desc, m.id desc
limit {wanted}
