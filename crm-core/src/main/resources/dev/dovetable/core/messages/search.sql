-- A page of what a search finds.
-- Slots: search_messages() and its parameters.
select m.id, m.customer_id, m.message, m.direction, m.timestamp
from {search_messages}({prefix}, {text}, {customer}, {from}, {to}, {timestamp}, {id}, {limit}) as m
order by m.timestamp desc, m.id desc
