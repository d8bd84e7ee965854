-- What agents get here, in this order. An agent's id in its rows would be wrong in another agent; functions, whose bodies are
-- every second part and which are the new agent's own, and the feed's triggers may name it.
select t.extension, t.version, t.checksum, t.replaced, t.tables,
  exists (
    select
    from pg_catalog.regexp_split_to_table(t.template, '[$][a-z_]*[$]') with ordinality as p (part, position)
    where p.position % 2 = 1 and pg_catalog.replace(p.part, 'watch_table({agent_id}', '') like '%{agent\_id}%'
  ) as names_agent
from agent_templates t
order by t.registered
