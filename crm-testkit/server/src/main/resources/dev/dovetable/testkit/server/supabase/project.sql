-- Makes a database of a plain PostgreSQL server look, to an installer, like a
-- database of a Supabase project: its roles, its schema auth, and an owner that
-- is no superuser. Run it as a superuser inside the database; it is plain SQL,
-- needs no psql, and may be run again, also in a further database of the server.
--
-- The owner's role is called postgres, as on Supabase. Where postgres is the
-- server's own superuser (it cannot be demoted), name another one first:
--   set emulation.owner = 'supabase_postgres';
--
-- What new objects in public are granted to is left to one of
-- default-privileges-exposed.sql and default-privileges-withheld.sql.

do $$
declare
  wanted text;
begin
  -- API roles: attributes as on a hosted project. Only service_role bypasses
  -- row level security.
  foreach wanted in array array[
    'anon nologin inherit',
    'authenticated nologin inherit',
    'service_role nologin inherit bypassrls',
    'authenticator login noinherit',
    'supabase_admin login superuser createdb createrole replication bypassrls',
    'supabase_auth_admin login noinherit createrole',
    'dashboard_user nologin createdb createrole replication'
  ] loop
    if to_regrole(split_part(wanted, ' ', 1)) is null then
      execute 'create role ' || wanted;
    end if;
  end loop;

  wanted := coalesce(nullif(current_setting('emulation.owner', true), ''), 'postgres');
  if to_regrole(quote_ident(wanted)) is null then
    execute format('create role %I login createdb createrole replication bypassrls', wanted);
  end if;
  if (select rolsuper from pg_roles where rolname = wanted) then
    raise exception 'role % is a superuser, an owner on Supabase is not', wanted
      using hint = 'Run: set emulation.owner = ''supabase_postgres''; then this file again.';
  end if;

  execute format('grant anon, authenticated, service_role, authenticator to %I', wanted);
  execute format('grant pg_read_all_data, pg_signal_backend, pg_monitor to %I', wanted);
  -- From PostgreSQL 16 on, creating grants in a role's name needs ADMIN OPTION.
  if current_setting('server_version_num')::int >= 160000 then
    execute format('grant anon, authenticated, service_role to %I with admin option', wanted);
  end if;
  execute format('alter database %I owner to %I', current_database(), wanted);
  execute format(
    'alter role %I in database %I set search_path to "$user", public, extensions',
    wanted, current_database());
  -- Where a template says otherwise, public belongs to the bootstrap superuser;
  -- on Supabase it is the database owner's.
  alter schema public owner to pg_database_owner;
  execute format('grant usage on schema public to %I', wanted);

  -- Extensions have a schema of their own, on everybody's path.
  create schema if not exists extensions;
  execute format('grant all on schema extensions to %I, dashboard_user', wanted);
end $$;

grant anon, authenticated, service_role to authenticator;
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role supabase_auth_admin set search_path = 'auth';
alter role supabase_auth_admin set idle_in_transaction_session_timeout = '60s';
grant usage on schema public to anon, authenticated, service_role;
grant usage on schema extensions to anon, authenticated, service_role;

-- The auth service owns schema auth and what is in it. The project's owner may
-- read and write auth.users and put triggers on it, but creates nothing there.
create schema if not exists auth authorization supabase_auth_admin;
grant usage on schema auth to anon, authenticated, service_role, dashboard_user;

create table if not exists auth.users (
  instance_id uuid,
  id uuid not null primary key,
  aud varchar(255),
  role varchar(255),
  email varchar(255),
  encrypted_password varchar(255),
  email_confirmed_at timestamptz,
  invited_at timestamptz,
  confirmation_token varchar(255),
  confirmation_sent_at timestamptz,
  recovery_token varchar(255),
  recovery_sent_at timestamptz,
  email_change_token_new varchar(255),
  email_change varchar(255),
  email_change_sent_at timestamptz,
  last_sign_in_at timestamptz,
  raw_app_meta_data jsonb,
  raw_user_meta_data jsonb,
  is_super_admin boolean,
  created_at timestamptz,
  updated_at timestamptz,
  phone text unique default null,
  phone_confirmed_at timestamptz,
  phone_change text default '',
  phone_change_token varchar(255) default '',
  phone_change_sent_at timestamptz,
  confirmed_at timestamptz
    generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
  email_change_token_current varchar(255) default '',
  email_change_confirm_status smallint default 0
    check (email_change_confirm_status between 0 and 2),
  banned_until timestamptz,
  reauthentication_token varchar(255) default '',
  reauthentication_sent_at timestamptz,
  is_sso_user boolean not null default false,
  deleted_at timestamptz,
  is_anonymous boolean not null default false
);
-- Accounts of a single sign-on provider may share an e-mail; others may not.
create unique index if not exists users_email_partial_key
  on auth.users (email) where is_sso_user = false;
create index if not exists users_instance_id_email_idx
  on auth.users (instance_id, lower(email));
alter table auth.users owner to supabase_auth_admin;
alter table auth.users enable row level security;
grant all on auth.users to dashboard_user;

-- By what an account signs in: one row a provider. That of e-mail has the address once more.
create table if not exists auth.identities (
  provider_id text not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  identity_data jsonb not null,
  provider text not null,
  last_sign_in_at timestamptz,
  created_at timestamptz,
  updated_at timestamptz,
  email text generated always as (lower(identity_data ->> 'email')) stored,
  id uuid not null default gen_random_uuid() primary key,
  constraint identities_provider_id_provider_unique unique (provider_id, provider)
);
create index if not exists identities_email_idx
  on auth.identities (email text_pattern_ops);
create index if not exists identities_user_id_idx on auth.identities (user_id);
alter table auth.identities owner to supabase_auth_admin;
alter table auth.identities enable row level security;
grant all on auth.identities to dashboard_user;

create or replace function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;

create or replace function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )
$$;

create or replace function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )
$$;

create or replace function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;

alter function auth.uid() owner to supabase_auth_admin;
alter function auth.role() owner to supabase_auth_admin;
alter function auth.email() owner to supabase_auth_admin;
alter function auth.jwt() owner to supabase_auth_admin;

do $$
declare
  owner text := coalesce(nullif(current_setting('emulation.owner', true), ''), 'postgres');
begin
  execute format('grant usage on schema auth to %I', owner);
  execute format(
    'grant insert, update, delete, truncate, references, trigger on auth.users to %I', owner);
  execute format('grant select on auth.users to %I with grant option', owner);
  execute format(
    'grant insert, update, delete, truncate, references, trigger on auth.identities to %I', owner);
  execute format('grant select on auth.identities to %I with grant option', owner);
end $$;
