-- Five agents with their WhatsApp configurations and some data, as a backend
-- makes them. The prefixes are of every length that is allowed, so that names
-- derived from them are too.
do $$
declare
  admin uuid := gen_random_uuid();
  agent_user uuid;
  new_prefix text;
  ok boolean;
  told text;
  n int;
begin
  insert into users (id, name, email, role)
  values (admin, 'Admin', 'admin@example.org', 'admin');

  foreach new_prefix in array array['a', 'agt_2', 'shop_', 'agt_6f78', 'twenty_letters_long_'] loop
    agent_user := gen_random_uuid();
    insert into users (id, name, email, role)
    values (agent_user, 'Agent ' || new_prefix, new_prefix || '@example.org', 'agent');

    select r.success, r.message into ok, told
    from create_agent(user_id => agent_user, agent_prefix => new_prefix, created_by => admin) r;
    if ok is distinct from true then
      raise exception 'create_agent(%) answered: %', new_prefix, told;
    end if;

    select r.success, r.message into ok, told
    from create_whatsapp_config(
      user_id => agent_user, whatsapp_number => '+15550000000',
      webhook_url => 'https://example.org/hook', api_key => 'key',
      business_account_id => 'business', phone_number_id => 'number-of-' || new_prefix) r;
    if ok is distinct from true then
      raise exception 'create_whatsapp_config(%) answered: %', new_prefix, told;
    end if;

    execute format(
      'insert into %I (agent_id, name, phone) select id, $1, $2 from agents where agent_prefix = $3',
      new_prefix || '_customers') using 'Customer', '+15551112222', new_prefix;
    execute format(
      'insert into %I (customer_id, message, direction) select id, $1, $2 from %I',
      new_prefix || '_messages', new_prefix || '_customers') using 'hello', 'inbound';
    execute format('insert into %I (customer_id) select id from %I',
      new_prefix || '_orders', new_prefix || '_customers');
    execute format(
      'insert into %I (order_id, name, quantity, price) select id, $1, 2, 3.50 from %I',
      new_prefix || '_orders_items', new_prefix || '_orders') using 'item';
  end loop;

  select count(*) into n from agents;
  if n <> 5 then
    raise exception 'five agents were made, agents holds %', n;
  end if;
end $$;
