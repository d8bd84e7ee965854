-- Makes in a fresh installation the functions that extensions share among all agents, as they are registered where the
-- installation is that is looked at. In the private schema. Parameter: that installation's private schema.
select set_config('crm.original', ?::text, true), set_config('check_function_bodies', 'off', true);
do $$
declare
  registered record;
begin
  if not exists (
    select
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relname = 'agent_templates'
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_setting('crm.original')
    where a.attname = 'shared_functions'
  ) then
    return; -- an older installation, which has none
  end if;
  execute format(
    'insert into agent_templates (extension, version, file, checksum, template, names, tables, shared, shared_functions)'
    ' select t.extension, t.version, t.file, t.checksum, '''', ''{}'', ''{}'', t.shared, t.shared_functions'
    ' from %I.agent_templates t where t.shared <> ''{}'' order by t.registered', current_setting('crm.original'));
  for registered in
    select t.extension, t.version from agent_templates t where t.shared <> '{}' order by t.registered
  loop
    begin
      perform share_functions(registered.extension, registered.version);
    exception
      -- It needs a type that only the application's own schema has, and can't be compared.
      when others then null;
    end;
  end loop;
end
$$;
