-- What came with migration 001: the functions of WhatsApp configurations, which knew no verify_token yet, and a row.

create function create_whatsapp_config(
  user_id uuid,
  whatsapp_number varchar,
  webhook_url text,
  api_key text,
  business_account_id varchar,
  phone_number_id varchar
)
returns json
language sql
security definer
as $$
  insert into whatsapp_configuration as w
    (user_id, whatsapp_number, webhook_url, api_key, business_account_id, phone_number_id)
  values ($1, $2, $3, $4, $5, $6)
  returning row_to_json(w)
$$;

create function get_whatsapp_config(user_id uuid) returns json
language sql
security definer
as $$
  select row_to_json(w) from whatsapp_configuration as w where w.user_id = $1 and w.is_active
$$;

create function update_whatsapp_config(
  user_id uuid,
  whatsapp_number varchar,
  webhook_url text,
  api_key text,
  business_account_id varchar,
  phone_number_id varchar,
  is_active boolean
)
returns json
language sql
security definer
as $$
  update whatsapp_configuration as w
  set whatsapp_number = coalesce($2, w.whatsapp_number), is_active = coalesce($7, w.is_active)
  where w.user_id = $1
  returning row_to_json(w)
$$;

create function delete_whatsapp_config(user_id uuid) returns boolean
language sql
security definer
as $$
  update whatsapp_configuration as w set is_active = false where w.user_id = $1 returning true
$$;

select create_whatsapp_config('00000000-0000-4000-8000-000000000002', '+49 30 100', 'https://example.org/hook', 'k1', 'b1', 'p1');
