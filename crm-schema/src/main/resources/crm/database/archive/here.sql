-- What an agent that is to be imported meets. Parameters: the prefix, its user and who makes it.
select
  (select pg_catalog.max(h.version) from schema_history h) as schema_version,
  exists (select from agents a where a.agent_prefix::text = given.prefix) as is_taken,
  taken_names(given.prefix) as taken_names,
  agent_of_tables(given.prefix) is not null as has_tables,
  exists (select from users u where u.id = given.user_id) as has_user,
  (select a.agent_prefix::text from agents a where a.user_id = given.user_id) as other_agent,
  exists (select from users u where u.id = given.created_by) as has_creator
from (select ?::text as prefix, ?::uuid as user_id, ?::uuid as created_by) as given
