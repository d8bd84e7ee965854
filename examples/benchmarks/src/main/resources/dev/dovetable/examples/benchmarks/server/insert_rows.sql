insert into {prefix}_messages (customer_id, message, direction, timestamp)
values
