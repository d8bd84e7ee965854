-- Makes the numbers the agent's, but those that another agent has. Parameters: the manifest, the agent's id, its user.
select n.phone_number_id,
  claim_number(n.phone_number_id, given.agent_id, given.user_id, n.business_account_id, n.display_number, n.is_active)
    as is_claimed
from (select ?::jsonb as manifest, ?::bigint as agent_id, ?::uuid as user_id) as given
cross join lateral pg_catalog.jsonb_to_recordset(given.manifest -> 'numbers')
  as n (phone_number_id text, display_number text, business_account_id text, label text, is_active boolean)
where number_id_fault(n.phone_number_id) is null
order by n.phone_number_id collate "C"
