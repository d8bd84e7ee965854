-- The last parts of the names of an agent's tables: the four, and what extensions make.
select unnest(array['customers', 'messages', 'orders', 'orders_items']) as suffix
union
select unnest(t.tables) from agent_templates t
order by 1
