-- The functions that an agent has, or would have with all versions of extensions. Parameter: the prefix.
select distinct (g.prefix || '_' || made.suffix)::name::text as name
from (select ?::text as prefix) as g
cross join agent_templates t
cross join lateral unnest(t.functions) as made (suffix)
order by 1
