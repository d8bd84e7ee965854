-- All rows as text, one each, without the columns that the migrations add.
select 'users ' || to_jsonb(t)::text from users as t
union all
select 'agents ' || to_jsonb(t)::text from agents as t
union all
select 'agt_6f78_customers ' || to_jsonb(t)::text from agt_6f78_customers as t
union all
select 'agt_6f78_messages ' || to_jsonb(t)::text from agt_6f78_messages as t
union all
select 'agt_6f78_orders ' || (to_jsonb(t) - 'total_amount')::text from agt_6f78_orders as t
union all
select 'agt_6f78_orders_items ' || to_jsonb(t)::text from agt_6f78_orders_items as t
union all
select 'agt_9b21_customers ' || to_jsonb(t)::text from agt_9b21_customers as t
union all
select 'agt_9b21_messages ' || to_jsonb(t)::text from agt_9b21_messages as t
union all
select 'agt_9b21_orders ' || (to_jsonb(t) - 'total_amount')::text from agt_9b21_orders as t
union all
select 'agt_9b21_orders_items ' || to_jsonb(t)::text from agt_9b21_orders_items as t
order by 1
