insert into {prefix}_messages (customer_id, message, direction, timestamp)
values (?, ?, 'inbound', ?)
returning id, customer_id, message, direction, timestamp
