-- What the ledger of an agent claims that has all versions of extensions.
select coalesce(string_agg(t.registered::text, ',' order by t.registered), '') as state
from agent_templates t
