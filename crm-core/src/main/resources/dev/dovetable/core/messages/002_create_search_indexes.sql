-- What search_messages() and search_customers() read past row level security, for whoever may see the agent's rows.
create index concurrently {messages_search_idx} on {messages} using gin ({crm}.search_vector(message, timestamp, customer_id, id));
create index concurrently {customers_search_idx} on {customers}
  using gin ({crm}.search_vector({crm}.search_person(name, phone), null::timestamp without time zone, null::integer, null::integer));
