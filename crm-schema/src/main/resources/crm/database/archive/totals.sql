-- How many orders have another total than their items: they are checked, not computed, so that updated_at stays.
select pg_catalog.count(*) as orders
from {orders} o
left join (select i.order_id, pg_catalog.sum(i.total) as total from {items} i group by i.order_id) as s on s.order_id = o.id
where o.total_amount is distinct from coalesce(s.total, 0)
