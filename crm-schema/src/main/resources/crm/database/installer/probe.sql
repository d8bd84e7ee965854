-- All that the installer must know before it does anything, in one row. Reads catalogues only, so any role may run it.
-- Parameters: schema, private schema, login role ('' for the current role).
with recursive
  target as materialized (
    select
      given.name,
      given.private_name,
      given.login_name,
      (select oid from pg_namespace where nspname = given.name) as schema_oid,
      (select oid from pg_namespace where nspname = given.private_name) as private_oid,
      (select oid from pg_roles where rolname = given.login_name) as login_oid
    from (select ?::text, ?::text, coalesce(nullif(?::text, ''), current_user::text)) as given (name, private_name, login_name)
  ),
  history as (
    select c.oid, c.relkind
    from target
    join pg_class as c on c.relnamespace = target.private_oid and c.relname = 'schema_history'
  ),
  base_table as materialized (
    select c.oid, c.relname, c.relkind, c.relrowsecurity, c.relowner
    from target
    join pg_class as c on c.relnamespace = target.schema_oid
    where c.relname in ('users', 'agents', 'whatsapp_configuration')
  ),
  expected_column (table_name, position, column_name, type_name) as (
    values
      ('users', 1, 'id', 'uuid'),
      ('users', 2, 'name', 'character varying'),
      ('users', 3, 'email', 'character varying'),
      ('users', 4, 'role', 'role'),
      ('users', 5, 'created_at', 'timestamp with time zone'),
      ('agents', 1, 'id', 'bigint'),
      ('agents', 2, 'agent_prefix', 'character varying'),
      ('agents', 3, 'created_at', 'timestamp with time zone'),
      ('agents', 4, 'user_id', 'uuid'),
      ('agents', 5, 'created_by', 'uuid'),
      ('whatsapp_configuration', 1, 'id', 'bigint'),
      ('whatsapp_configuration', 2, 'user_id', 'uuid'),
      ('whatsapp_configuration', 3, 'whatsapp_number', 'character varying'),
      ('whatsapp_configuration', 4, 'webhook_url', 'text'),
      ('whatsapp_configuration', 5, 'api_key', 'text'),
      ('whatsapp_configuration', 6, 'business_account_id', 'character varying'),
      ('whatsapp_configuration', 7, 'phone_number_id', 'character varying'),
      ('whatsapp_configuration', 8, 'is_active', 'boolean'),
      ('whatsapp_configuration', 9, 'created_at', 'timestamp with time zone'),
      ('whatsapp_configuration', 10, 'updated_at', 'timestamp with time zone')
  ),
  -- Lengths of character columns are left to the host: a widened e-mail does not make the table somebody else's.
  foreign_column as (
    select
      expected.table_name,
      expected.position,
      case
        when a.attname is null then format('%s has no column %s', expected.table_name, expected.column_name)
        else format('%s.%s is %s, not %s', expected.table_name, expected.column_name, found.type_name, expected.type_name)
      end as finding
    from expected_column as expected
    join base_table on base_table.relname = expected.table_name and base_table.relkind in ('r', 'p')
    left join pg_attribute as a
      on a.attrelid = base_table.oid and a.attname = expected.column_name and a.attnum > 0 and not a.attisdropped
    left join lateral (
      select
        case
          when t.typnamespace = (select schema_oid from target) then t.typname::text
          else format_type(t.oid, null)
        end as type_name
      from pg_type as t
      where t.oid = a.atttypid
    ) as found on true
    where found.type_name is distinct from expected.type_name
  ),
  -- One that was renamed: a trigger finds its function by its number, and the function still looks for tables by the names
  -- that its schemas had.
  installed_as as materialized (
    select distinct
      home.nspname::text as present_name,
      private.nspname::text as present_private_name,
      (parse_ident(split_part(path.text, ', ', 2)))[1] as name,
      (parse_ident(split_part(path.text, ', ', 1)))[1] as private_name
    from pg_trigger as t
    join pg_proc as p on p.oid = t.tgfoid and p.proname = 'create_tables_of_new_agent'
    join pg_namespace as private on private.oid = p.pronamespace
    join pg_class as c on c.oid = t.tgrelid and c.relname = 'agents'
    join pg_namespace as home on home.oid = c.relnamespace
    cross join lateral (
      select substring(option from 13) as text from unnest(p.proconfig) as option where option like 'search_path=%'
    ) as path
    -- An older one had other paths.
    where split_part(path.text, ', ', 3) = 'pg_temp'
  ),
  renamed as (
    select
      format('schema %s was %s when it was installed', installed_as.present_name, installed_as.name) as finding,
      concat_ws('; ',
        case when installed_as.present_name <> installed_as.name then
          format('alter schema %I rename to %I', installed_as.present_name, installed_as.name)
        end,
        case when installed_as.present_private_name <> installed_as.private_name then
          format('alter schema %I rename to %I', installed_as.present_private_name, installed_as.private_name)
        end) as statement
    from target
    join installed_as on target.name in (installed_as.name, installed_as.present_name)
      or target.private_name in (installed_as.private_name, installed_as.present_private_name)
    where (installed_as.present_name, installed_as.present_private_name) <> (installed_as.name, installed_as.private_name)
  ),
  -- A superuser passes for a member of every role, so memberships are followed here.
  own_role as (
    select r.oid from pg_roles as r where r.rolname = current_user
    union
    select m.roleid from own_role join pg_auth_members as m on m.member = own_role.oid
  ),
  -- Whoever owns a schema replaces what is in it. Only an administrator can have made a role named as Supabase's are.
  squatted as (
    select n.nspname::text as name, r.rolname::text as owner
    from target
    join pg_namespace as n on n.nspname in (target.private_name, 'auth')
    join pg_roles as r on r.oid = n.nspowner
    where not r.rolsuper
      and n.nspowner not in (select own_role.oid from own_role)
      and not exists (select from base_table where base_table.relowner = n.nspowner)
      and not (n.nspname = 'auth' and r.rolname in ('supabase_admin', 'supabase_auth_admin'))
  ),
  foreign_finding (rank, table_name, position, finding) as (
    select 0, '', 0, renamed.finding
    from renamed
    union all
    select 0, '', 0, format('schema %s serves the installation in another schema', target.private_name)
    from target
    where not exists (select from renamed)
      and exists (
        select
        from pg_proc as p
        where p.pronamespace = target.private_oid
          and p.proname = 'is_admin'
          and p.proconfig is not null
          -- Made while quote_all_identifiers was on, names have quotes that they don't need.
          and not exists (
            select
            from unnest(p.proconfig) as c (setting)
            where replace(c.setting, '"', '')
              = replace(format('search_path=%I, %I, pg_temp', target.private_name, target.name), '"', '')
          )
      )
    union all
    select 1, '', 0, 'type role is not the enum of admin and agent'
    from target
    join pg_type as t on t.typnamespace = target.schema_oid and t.typname = 'role'
    where (select count(*) from pg_enum as e where e.enumtypid = t.oid and e.enumlabel in ('admin', 'agent')) < 2
    union all
    select 2, base_table.relname::text, 0, format('%s is not a table', base_table.relname)
    from base_table
    where base_table.relkind not in ('r', 'p')
    union all
    select 3, foreign_column.table_name, foreign_column.position, foreign_column.finding
    from foreign_column
  ),
  expected_function (name) as (
    values
      ('create_agent'),
      ('update_agent_details'),
      ('delete_agent'),
      ('create_whatsapp_config'),
      ('get_whatsapp_config'),
      ('update_whatsapp_config'),
      ('delete_whatsapp_config'),
      ('create_agent_tables'),
      ('drop_agent_tables'),
      ('create_agent_indexes')
  ),
  missing_object (rank, finding) as (
    select 1, format('table %s is missing', expected.name)
    from (values ('users'), ('agents'), ('whatsapp_configuration')) as expected (name)
    where not exists (select from base_table where base_table.relname = expected.name)
    union all
    select 2, format('row level security is off on table %s', base_table.relname)
    from base_table
    where not base_table.relrowsecurity
    union all
    select 3, format('function %s is missing', expected_function.name)
    from expected_function
    where not exists (
      select
      from target
      join pg_proc as p on p.pronamespace = target.schema_oid
      where p.proname = expected_function.name
    )
    union all
    select 4, 'trigger trigger_create_agent_tables on table agents is missing or disabled'
    where not exists (
      select
      from base_table
      join pg_trigger as t on t.tgrelid = base_table.oid
      where base_table.relname = 'agents' and t.tgname = 'trigger_create_agent_tables' and t.tgenabled in ('O', 'A')
    )
  ),
  -- What a restore without roles or privileges leaves out: all is there, and nothing works.
  acting_role as materialized (
    select expected.name, r.oid
    from (values ('anon'), ('authenticated'), ('service_role')) as expected (name)
    left join pg_roles as r on r.rolname = expected.name
  ),
  -- By the catalogue: to_regclass() and its kin refuse whoever has no USAGE on the schema.
  auth as materialized (
    select
      (select p.oid from pg_proc as p where p.pronamespace = n.oid and p.proname = 'uid' and p.pronargs = 0) as uid,
      (select c.oid from pg_class as c where c.relnamespace = n.oid and c.relname = 'users') as users
    from (values ('auth')) as given (name)
    left join pg_namespace as n on n.nspname = given.name
  ),
  sample as (
    select c.oid, c.relname
    from target
    join base_table on base_table.relname = 'agents'
    join pg_policy as p on right(p.polname, 17) = '_customers_access'
    join pg_class as c on c.oid = p.polrelid and c.relnamespace = target.schema_oid
    limit 1
  ),
  missing_ability (rank, finding) as (
    select 1, format('role %s is missing', acting_role.name)
    from acting_role
    where acting_role.oid is null
    union all
    select 2, 'schema auth or its function uid() is missing'
    from auth
    where auth.uid is null
    union all
    select 3, format('role %s has no USAGE on schema %s', acting_role.name, n.nspname)
    from target
    join pg_namespace as n on n.oid in (target.schema_oid, target.private_oid) or n.nspname = 'auth'
    join acting_role on acting_role.name <> 'anon'
    where acting_role.oid is not null and not has_schema_privilege(acting_role.oid, n.oid, 'usage')
    union all
    select 4, format('role %s may not call auth.uid()', acting_role.name)
    from acting_role
    cross join auth
    where acting_role.name <> 'anon' and acting_role.oid is not null and auth.uid is not null
      and not has_function_privilege(acting_role.oid, auth.uid, 'execute')
    union all
    select 5, format('role %s may not read table %s', acting_role.name, base_table.relname)
    from base_table
    join acting_role on acting_role.name <> 'anon'
    where acting_role.oid is not null and not has_any_column_privilege(acting_role.oid, base_table.oid, 'select')
    union all
    select 6, format('role %s may not call %s', acting_role.name, p.proname)
    from target
    join pg_proc as p on p.pronamespace = target.schema_oid and p.proname in (select expected_function.name from expected_function)
      or p.pronamespace = target.private_oid and p.proname in ('is_admin', 'owns_agent', 'enter_agent')
    join acting_role on acting_role.name <> 'anon'
    where acting_role.oid is not null and not has_function_privilege(acting_role.oid, p.oid, 'execute')
    union all
    select 7, format('table %s has no policy', base_table.relname)
    from base_table
    where base_table.relrowsecurity and not exists (select from pg_policy as p where p.polrelid = base_table.oid)
    union all
    -- One agent stands for all.
    select 8, format('role authenticated may not read table %s', sample.relname)
    from sample
    join acting_role on acting_role.name = 'authenticated'
    where acting_role.oid is not null and not has_table_privilege(acting_role.oid, sample.oid, 'select')
    union all
    -- One that an older release made doesn't hear of confirmations. Where neither may make it, the installer can't either.
    select 9, 'users is not kept in step with auth.users: the trigger there is missing, disabled, or an older one'
    from target
    cross join auth
    join base_table on base_table.relname = 'users'
    where auth.users is not null
      and (
        has_table_privilege(auth.users, 'trigger') or has_table_privilege(base_table.relowner, auth.users, 'trigger')
      )
      and not exists (
        select
        from pg_trigger as g
        join pg_proc as p on p.oid = g.tgfoid and p.proname = 'sync_user_from_auth' and p.pronamespace = target.private_oid
        where g.tgrelid = auth.users and g.tgenabled in ('O', 'A')
          and cardinality(g.tgattr::smallint[]) = (
            select count(*)
            from pg_attribute as a
            where a.attrelid = auth.users and not a.attisdropped
              and a.attname in ('email', 'email_confirmed_at', 'raw_user_meta_data', 'raw_app_meta_data')
          )
      )
  ),
  -- Of what the specification doesn't name. By psql, an installation may do without.
  file_not_run (finding) as (
    select format('schema/%s.sql was not run', expected.name)
    from target
    cross join (
      values ('extensions', 'agent_templates', 'migrate_agent'), ('webhooks', 'unrouted_webhooks', 'store_webhook')
    ) as expected (name, table_name, function_name)
    where not exists (
        select from pg_class as c where c.relnamespace = target.private_oid and c.relname = expected.table_name
      )
      and not exists (
        select from pg_proc as p where p.pronamespace = target.private_oid and p.proname = expected.function_name
      )
  ),
  -- Each a statement that somebody with the right to run it must run before this role can install.
  missing_right (rank, statement) as (
    select 1, format('grant usage, create on schema %I to %I', target.name, current_user)
    from target
    where target.schema_oid is not null
      and not (has_schema_privilege(target.schema_oid, 'usage') and has_schema_privilege(target.schema_oid, 'create'))
    union all
    select 2, format('grant usage, create on schema %I to %I', target.private_name, current_user)
    from target
    where target.private_oid is not null
      and not (has_schema_privilege(target.private_oid, 'usage') and has_schema_privilege(target.private_oid, 'create'))
    union all
    select 3, format('grant create on database %I to %I', current_database(), current_user)
    from target
    where (target.schema_oid is null or target.private_oid is null
        or not exists (select from pg_namespace where nspname = 'auth'))
      and not has_database_privilege(current_database(), 'create')
    union all
    select 4, format('create role %I nologin', expected.name)
    from (values ('anon'), ('authenticated'), ('service_role')) as expected (name)
    where not exists (select from pg_roles where rolname = expected.name)
      and not (select r.rolsuper or r.rolcreaterole from pg_roles as r where r.rolname = current_user)
    union all
    select distinct 5, format('grant %I to %I', pg_get_userbyid(base_table.relowner), current_user)
    from base_table
    where not pg_has_role(base_table.relowner, 'usage')
  )
select
  current_setting('server_version_num')::integer as server_version,
  current_user::text as current_role,
  current_database()::text as database,
  getdatabaseencoding()::text as encoding,
  (select renamed.statement from renamed limit 1) as rename_statement,
  array(select format('schema %s belongs to role %s', squatted.name, squatted.owner) from squatted order by 1)
    as squatted_schemas,
  array(
    select format('alter schema %I owner to %I', squatted.name, current_user) from squatted order by 1
  ) as squatted_remedies,
  target.schema_oid is not null as schema_exists,
  target.login_name as login_role,
  target.login_oid is not null as login_exists,
  -- Membership without the SET option (PostgreSQL 16) does not let a login act as the role.
  target.login_oid is not null and exists (
    select
    from (values ('authenticated'), ('service_role')) as needed (name)
    left join pg_roles as r on r.rolname = needed.name
    where r.oid is null or not pg_has_role(
      target.login_oid,
      r.oid,
      case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
    )
  ) as login_lacks_role,
  array(
    select r.rolname::text
    from pg_roles as r
    where r.rolname in ('anon', 'authenticated', 'service_role')
    order by r.rolname
  ) as existing_roles,
  exists (select from history) as history_exists,
  coalesce(
    (
      select has_schema_privilege(target.private_oid, 'usage') and has_table_privilege(history.oid, 'select')
      from history
    ),
    false
  ) as history_readable,
  exists (
    select
    from target
    join pg_proc as p on p.pronamespace = target.private_oid and p.proname = 'outdated_agents' and p.pronargs = 1
    where has_schema_privilege(target.private_oid, 'usage') and has_function_privilege(p.oid, 'execute')
  ) as ledger_readable,
  array(select base_table.relname::text from base_table order by base_table.relname) as base_tables,
  exists (
    select
    from base_table
    join pg_attribute as a on a.attrelid = base_table.oid
    where base_table.relname = 'whatsapp_configuration' and a.attname = 'verify_token' and not a.attisdropped
  ) as has_verify_token,
  -- Read only where there is no history: an agent's orders are found by their foreign keys, and that is a scan.
  case
    when exists (select from history) then false
    else exists (
      select
      from base_table
      join pg_constraint as to_agents on to_agents.contype = 'f' and to_agents.confrelid = base_table.oid
      join pg_class as customers on customers.oid = to_agents.conrelid
      join pg_constraint as to_customers on to_customers.contype = 'f' and to_customers.confrelid = customers.oid
      join pg_class as orders on orders.oid = to_customers.conrelid
      where base_table.relname = 'agents'
        and customers.relname ~ '_customers$'
        and orders.relname = regexp_replace(customers.relname, '_customers$', '_orders')
        and not exists (
          select
          from pg_attribute as a
          where a.attrelid = orders.oid and a.attname = 'total_amount' and not a.attisdropped
        )
    )
  end as has_orders_without_total,
  exists (select from foreign_finding where foreign_finding.rank = 0) as is_private_schema_foreign,
  array(
    select foreign_finding.finding
    from foreign_finding
    order by foreign_finding.rank, foreign_finding.table_name desc, foreign_finding.position
  ) as foreign_findings,
  array(
    select missing_object.finding
    from missing_object
    order by missing_object.rank, missing_object.finding
  ) as missing_objects,
  -- Where there is nothing yet, nothing can be missing.
  case
    when exists (select from base_table) then
      array(select missing_ability.finding from missing_ability order by missing_ability.rank, missing_ability.finding)
    else array[]::text[]
  end as missing_abilities,
  array(select file_not_run.finding from file_not_run order by file_not_run.finding) as files_not_run,
  array(
    select missing_right.statement
    from missing_right
    order by missing_right.rank, missing_right.statement
  ) as missing_rights
from target;
