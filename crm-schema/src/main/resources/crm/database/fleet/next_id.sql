select s.last_value + case when s.is_called then 1 else 0 end as next_id
from agents_id_seq s;
