-- All versions that are registered but some, by the numbers of the column registered. Parameter: these, as extension and
-- version, separated by commas.
select coalesce(string_agg(t.registered::text, ',' order by t.registered), '') as state
from agent_templates t
where format('%s %s', t.extension, t.version) <> all (string_to_array(?::text, ','))
