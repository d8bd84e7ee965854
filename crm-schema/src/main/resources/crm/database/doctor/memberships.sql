-- What the application's login lacks of the roles that the library acts as. Superusers pass for members of all.
-- Parameter: the login role.
select login.rolname::text as name,
  format('role %s is no member of %s, which the library acts as', login.rolname, needed.rolname) as problem,
  format('grant %I to %I', needed.rolname, login.rolname) as statement
from pg_roles login
cross join pg_roles needed
where login.rolname = ?::text and needed.rolname in ('authenticated', 'service_role')
  and not pg_has_role(
    login.oid,
    needed.oid,
    case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
  )
order by needed.rolname
