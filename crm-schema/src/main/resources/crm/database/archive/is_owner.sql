-- Whether the login is the role that installed, or a member of it, and who that is.
select pg_catalog.pg_has_role(c.relowner, 'usage') as is_owner, pg_catalog.pg_get_userbyid(c.relowner) as owner,
  current_user as role
from pg_class c
where c.oid = 'agents'::regclass
