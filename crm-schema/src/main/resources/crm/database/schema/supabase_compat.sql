begin;
-- What Supabase brings and a plain PostgreSQL lacks: the roles anon, authenticated and service_role, and the schema
-- auth with uid(), role() and jwt(). Run it first on a plain PostgreSQL. Whatever exists already is left as it is.

do $$
declare
  wanted text;
begin
  foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin noinherit', wanted);
      exception
        when duplicate_object or unique_violation then
          null; -- roles belong to the whole server: another database's installation was faster
        when insufficient_privilege then
          raise exception 'the role % is missing and % may not create it', wanted, current_user
            using errcode = 'insufficient_privilege',
              hint = format('Ask an administrator for: create role %I nologin; then run this again.', wanted);
      end;
    end if;
  end loop;
end
$$;

-- service_role passes row level security by its BYPASSRLS attribute. Where the installing role may not give that
-- (managed servers), base_tables.sql and create_agent_tables() make policies for service_role instead.
do $$
begin
  if not exists (select from pg_roles where rolname = 'service_role' and rolbypassrls) then
    alter role service_role bypassrls;
  end if;
exception
  when insufficient_privilege then
    raise notice 'service_role has no BYPASSRLS and % may not give it: policies for service_role take its place',
      current_user;
end
$$;

do $$
declare
  wanted text;
begin
  if to_regnamespace('auth') is null then
    create schema auth;
  end if;
  -- base_tables.sql refuses all others that are not the installing role's.
  if not has_schema_privilege('auth', 'usage') then
    raise exception 'schema auth belongs to %, who could replace what the functions of the CRM rely on',
      (select pg_get_userbyid(n.nspowner) from pg_namespace n where n.nspname = 'auth')
      using errcode = 'insufficient_privilege',
        hint = format('Look what is in it; then drop it, or have a superuser run: alter schema auth owner to %I; and the'
          ' same for all that is in it.', current_user);
  end if;
  -- A restore without privileges brings the schema alone. On Supabase it is the auth service's, and granted.
  foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
    if not has_schema_privilege(wanted, 'auth', 'usage')
      and pg_has_role((select n.nspowner from pg_namespace n where n.nspname = 'auth'), 'usage') then
      execute format('grant usage on schema auth to %I', wanted);
    end if;
  end loop;
end
$$;

-- The claims are one JSON setting; the setting with a dot and one claim's name is what older PostgREST versions set.
-- After a transaction that set a setting locally it reads as '' and not as null, hence each nullif(). Functions and operators
-- are named in full, since the search_path is the caller's: of an older installation, these three are replaced.
do $do$
declare
  wanted record;
begin
  for wanted in
    select w.*
    from (
      values
        ('jwt', 'jsonb', 'The claims of the current request, or null without a request.',
          $$
      select nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb
    $$),
        ('uid', 'uuid', 'The user of the current request (claim sub), or null without one.',
          $$
      select coalesce(
        nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb
          operator(pg_catalog.->>) 'sub'::pg_catalog.text,
        nullif(pg_catalog.current_setting('request.jwt.claim.sub', true), '')
      )::pg_catalog.uuid
    $$),
        ('role', 'text', 'The role that the current request claims; access rules never rest on it.',
          $$
      select coalesce(
        nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb
          operator(pg_catalog.->>) 'role'::pg_catalog.text,
        nullif(pg_catalog.current_setting('request.jwt.claim.role', true), '')
      )
    $$)
    ) as w (name, type, description, body)
    left join pg_proc p on p.oid = to_regprocedure(format('auth.%s()', w.name))::oid
    -- On Supabase they are the auth service's.
    where p.oid is null
      or p.prosrc <> w.body
        and obj_description(p.oid, 'pg_proc') = w.description
        and pg_has_role(p.proowner, 'usage')
  loop
    execute format('create or replace function auth.%I() returns pg_catalog.%I language sql stable as %L',
      wanted.name, wanted.type, wanted.body);
    execute format('comment on function auth.%I() is %L', wanted.name, wanted.description);
    execute format('grant execute on function auth.%I() to anon, authenticated, service_role', wanted.name);
  end loop;
end
$do$;

commit;
