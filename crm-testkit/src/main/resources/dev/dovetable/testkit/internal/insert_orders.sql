-- Rows get their ids in the order of the arrays.
insert into {0} (customer_id, status, shipping_address, created_at)
select wanted.customer_id, wanted.status, wanted.shipping_address, wanted.created_at
from unnest({1}, {2}, {3}, {4}) with ordinality as wanted (customer_id, status, shipping_address, created_at, place)
order by wanted.place
returning id
