-- The conversations of a page, of those with a tag: found.sql has the slots, and this the tag. If few have it, they are
-- looked up one by one and sorted; if more, the list is walked through, and meets them soon enough. With 10 000 customers
-- and 400 with the tag, either costs about the same. The half that isn't needed isn't run. The order is that of an index:
-- without it, all tags would be read where most of them are thought to be this one.
  with tagged as materialized (
    select t.customer_id
    from "{schema}"."{prefix}_conversation_tags" t
    where t.tag = (select {tag})
    order by t.customer_id
    limit 401
  )
  (
    select c.*
    from "{schema}"."{prefix}_conversations" c
    where (select count(*) from tagged) > 400
      and c.last_message_id is not null
      and {indexed}
      and {is_after}
      and coalesce({filter}
        and coalesce(
          (
            select true
            from "{schema}"."{prefix}_conversation_tags" t
            where t.tag = (select {tag}) and t.customer_id = c.customer_id
            limit 1
          ),
          false),
        false)
    order by c.last_message_at {order}, c.last_message_id {order}
    limit {wanted}
  )
  union all
  (
    select c.*
    from tagged t
    cross join lateral (
      select c.*
      from "{schema}"."{prefix}_conversations" c
      where c.customer_id = t.customer_id
      limit 1
    ) as c
    where (select count(*) from tagged) <= 400
      and c.last_message_id is not null
      and {indexed}
      and {is_after}
      and coalesce({filter}, false)
    order by c.last_message_at {order}, c.last_message_id {order}
    limit {wanted}
  )
  order by last_message_at {order}, last_message_id {order}
  limit {wanted}
