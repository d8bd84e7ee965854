\set customer random(1, {customers})
insert into {prefix}_messages (customer_id, message, direction, timestamp)
values (:customer, 'Two bags of coffee, please, and a pack of paper filters', 'inbound', timezone('utc', now()))
returning id, customer_id, message, direction, timestamp;
