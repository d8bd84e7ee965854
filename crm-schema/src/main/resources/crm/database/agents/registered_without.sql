-- All versions that are registered but some, by the numbers of the column registered. Parameter: these, as extension and
-- version, separated by commas.
select coalesce(pg_catalog.string_agg(t.registered::text, ',' order by t.registered), '') as state
from agent_templates t
where pg_catalog.format('%s %s', t.extension, t.version) <> all (pg_catalog.string_to_array(?::text, ','))
