-- Parameters: the manifest, the agent's id.
update agent_numbers h
set label = n.label
from (select ?::jsonb as manifest, ?::bigint as agent_id) as given
cross join lateral pg_catalog.jsonb_to_recordset(given.manifest -> 'numbers') as n (phone_number_id text, label text)
where h.phone_number_id::text = n.phone_number_id and h.agent_id = given.agent_id and h.released_at is null
  and h.label::text is distinct from n.label
