select
  p.agent_prefix as prefix,
  p.database_name,
  p.token::text as token,
  p.is_made,
  p.since < pg_catalog.now() - pg_catalog.make_interval(mins => 5) as is_old
from agent_places p
order by p.agent_prefix collate "C";
