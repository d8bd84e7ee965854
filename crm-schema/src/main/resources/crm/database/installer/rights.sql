-- After an installation: what the roles may do, and the statements that would give them the rest.
-- Parameter: login role ('' for the current role).
with
  login as (
    select r.oid, r.rolname
    from pg_roles as r
    where r.rolname = coalesce(nullif(?::text, ''), current_user::text)
  )
select
  (select r.rolsuper or r.rolbypassrls from pg_roles as r where r.rolname = 'service_role') as service_bypasses_rls,
  (select format('alter role %I bypassrls', 'service_role')) as bypass_statement,
  format('grant set on parameter session_replication_role to %I', current_user) as replica_statement,
  array(
    select format('grant %I to %I', needed.rolname, login.rolname)
    from login
    cross join pg_roles as needed
    where needed.rolname in ('authenticated', 'service_role')
      and not pg_has_role(
        login.oid,
        needed.oid,
        case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
      )
    order by needed.rolname
  ) as membership_statements;
