-- Every agent of one database, and where its sequence of ids stands.
select a.id, a.agent_prefix::text as prefix
from agents a
order by a.agent_prefix::text collate "C";
