-- Custom enum types. Run by psql into the current schema (the first one of search_path); run again, it changes nothing.

do $$
begin
  if current_schema() is null then
    raise exception 'there is no schema to install into'
      using errcode = 'invalid_schema_name',
        hint = 'Set search_path to a schema that exists, for example: set search_path = public;';
  end if;
  if to_regtype(format('%I.role', current_schema())) is null then
    create type role as enum ('admin', 'agent');
  end if;
  if not exists (
    select from pg_enum e
    where e.enumtypid = to_regtype(format('%I.role', current_schema()))
    having array_agg(e.enumlabel::text order by e.enumsortorder) = array['admin', 'agent']
  ) then
    raise exception 'schema % holds another type named role', current_schema()
      using errcode = 'duplicate_object',
        hint = 'Install into a schema of its own: create schema crm; set search_path = crm; and run all files again.';
  end if;
  comment on type role is 'User roles: admin has full access, agent manages its own data.';
end
$$;
