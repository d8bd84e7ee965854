-- Of ten conversations three are open. Two thirds are read; half of the others are nobody's to answer, and half have a tag.
set session_replication_role = replica;
update {prefix}_conversations
set
  set_status = case when customer_id % 10 < 3 then 'open' else 'closed' end,
  set_up_to_at = case when customer_id % 10 >= 3 then last_message_at end,
  set_up_to_id = case when customer_id % 10 >= 3 then last_message_id end,
  read_up_to_at = case when customer_id % 3 > 0 then last_message_at end,
  read_up_to_id = case when customer_id % 3 > 0 then last_message_id end,
  unread = case when customer_id % 3 > 0 then 0 else unread end,
  assignee = case when customer_id % 4 > 1 then '00000000-0000-0000-0000-000000000001' end::uuid;
set session_replication_role = origin;
insert into {prefix}_conversation_tags (customer_id, tag) select id, 'half' from {prefix}_customers where id % 7 < 4;
insert into {prefix}_conversation_tags (customer_id, tag) select id, 'rare' from {prefix}_customers where id % 1000 = 0
