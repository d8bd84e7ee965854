-- The conversations of a page.
-- Slots: the condition of an index in the order of the list, what is behind the page before, all other conditions, the
-- direction, and, as a literal, because how much is read decides on the plan, how many are wanted.
-- The conditions are in one COALESCE, which is thought to hold for every second row: one by one, they would be thought to
-- hold for so few that all rows are read and sorted.
  select c.*
  from "{schema}"."{prefix}_conversations" c
  where c.last_message_id is not null
    and {indexed}
    and {is_after}
    and coalesce({filter}, false)
  order by c.last_message_at {order}, c.last_message_id {order}
  limit {wanted}
