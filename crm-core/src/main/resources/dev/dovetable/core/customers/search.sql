-- A page of the customers that a search finds.
-- Slots: search_customers() and its parameters.
select c.id, c.name, c.phone, c.created_at
from {search_customers}({prefix}, {text}, {id}, {limit}) as c
order by c.id desc
