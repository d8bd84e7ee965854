-- Rows get their ids in the order of the arrays.
insert into {0} (order_id, name, quantity, price, created_at)
select wanted.order_id, wanted.name, wanted.quantity, wanted.price, wanted.created_at
from unnest({1}, {2}, {3}, {4}, {5}) with ordinality as wanted (order_id, name, quantity, price, created_at, place)
order by wanted.place
