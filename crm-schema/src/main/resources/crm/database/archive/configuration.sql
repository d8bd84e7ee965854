-- The archived WhatsApp configuration, for a user who has none; without a number that isn't the agent's. Parameters: the
-- manifest, the user, the agent's id.
insert into whatsapp_configuration (
  user_id, whatsapp_number, webhook_url, api_key, business_account_id, phone_number_id, is_active, created_at, updated_at,
  verify_token
)
select given.user_id, w.whatsapp_number, w.webhook_url, w.api_key, w.business_account_id,
  (
    select n.phone_number_id
    from agent_numbers n
    where n.phone_number_id::text = w.phone_number_id and n.agent_id = given.agent_id and n.released_at is null
  ),
  w.is_active, w.created_at, w.updated_at, w.verify_token
from (select ?::jsonb as manifest, ?::uuid as user_id, ?::bigint as agent_id) as given
cross join lateral pg_catalog.jsonb_to_record(given.manifest -> 'whatsapp') as w (
  whatsapp_number text, webhook_url text, api_key text, business_account_id text, phone_number_id text, is_active boolean,
  created_at timestamptz, updated_at timestamptz, verify_token text)
where pg_catalog.jsonb_typeof(given.manifest -> 'whatsapp') = 'object'
on conflict on constraint whatsapp_configuration_user_id_key do nothing
