-- Who is logged in, and whether that is the role that installed, or a member of it. Reads the catalogue alone, which anybody
-- may. Parameter: the private schema.
select current_user as role, owner.rolname as owner, pg_catalog.pg_has_role(owner.oid, 'usage') as is_member
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_roles owner on owner.oid = c.relowner
where n.nspname = ? and c.relname = 'agent_templates'
