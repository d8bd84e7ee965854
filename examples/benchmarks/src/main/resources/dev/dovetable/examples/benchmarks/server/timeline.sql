select id, customer_id, message, direction, timestamp
from {prefix}_messages
where customer_id = ? and timestamp is not null
order by timestamp desc, id desc
limit 51
