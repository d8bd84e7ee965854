-- An agent, whose tables and schema then get names that no live database has.
do $$
declare
  template constant text := 'template';
  admin uuid;
  agent uuid;
  made record;
  object record;
begin
  insert into users (name, email, role) values ('Admin', 'admin@crm.example', 'admin') returning id into admin;
  insert into users (name, email, role) values ('Agent', 'agent@crm.example', 'agent') returning id into agent;
  select * into made from create_agent(user_id => agent, agent_prefix => template, created_by => admin);
  if not made.success then
    raise exception 'no template agent: %', made.message;
  end if;

  -- Indexes come and go with their constraints, so constraints go first.
  for object in
    select k.conrelid::regclass as owner, k.conname as name
    from pg_constraint as k
    where starts_with(k.conname, template || '_')
  loop
    execute format('alter table %s rename constraint %I to %I',
      object.owner, object.name, '{prefix}' || substr(object.name, length(template) + 1));
  end loop;
  for object in
    select c.relname as name, case c.relkind when 'r' then 'table' else 'index' end as kind
    from pg_class as c
    where starts_with(c.relname, template || '_') and c.relkind in ('r', 'i')
  loop
    execute format('alter %s %I rename to %I',
      object.kind, object.name, '{prefix}' || substr(object.name, length(template) + 1));
  end loop;
  execute format('alter schema %I rename to %I', current_schema(), '{schema}');
end
$$;
