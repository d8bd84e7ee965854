-- What an archive says first about an agent, as JSON; no row if there is no such agent. The customers come last: their rows
-- refer to agents, which nobody deletes from meanwhile. Parameters: whether secrets and messages are in it, and the prefix.
with recursive
  asked as materialized (
    select ?::boolean as secrets, ?::boolean as messages
  ),
  agent as materialized (
    select a.* from agents a where a.agent_prefix::text = ?
  ),
  home as materialized (
    select n.oid, n.nspname
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = 'agents'::regclass
  ),
  version as materialized (
    select t.extension, t.version, t.file, v.checksum, t.tables, t.registered
    from agent a
    join agent_versions v on v.agent_id = a.id
    join agent_templates t on t.extension = v.extension and t.version = v.version
  ),
  owned as materialized (
    select s.suffix, c.oid, c.relname
    from agent a
    cross join home
    cross join lateral (
      select pg_catalog.unnest(array['customers', 'messages', 'orders', 'orders_items']) as suffix
      union
      select pg_catalog.unnest(v.tables) from version v
    ) as s
    join pg_class c on c.relnamespace = home.oid and c.relname = (a.agent_prefix::text || '_' || s.suffix)::name
  ),
  left_out as (
    select o.oid
    from asked
    join owned o on o.suffix = 'messages' and not asked.messages
    union
    select f.conrelid
    from left_out l
    join pg_constraint f on f.contype = 'f' and f.confrelid = l.oid
    join owned o on o.oid = f.conrelid
  )
select pg_catalog.jsonb_build_object(
  'format', 1,
  'prefix', a.agent_prefix,
  'agent_id', a.id,
  'created_at', a.created_at,
  'taken_at', now(),
  'server', pg_catalog.current_setting('server_version'),
  'schema_version', (select pg_catalog.max(h.version) from schema_history h),
  'secrets', asked.secrets,
  'messages', asked.messages,
  'user', (
    select pg_catalog.jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email) from users u where u.id = a.user_id
  ),
  'created_by', (
    select pg_catalog.jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email) from users u where u.id = a.created_by
  ),
  'members', coalesce(
    (
      select pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object('id', u.id, 'email', u.email, 'added_by', m.added_by, 'added_at', m.added_at)
        order by m.added_at, u.id)
      from agent_members m
      join users u on u.id = m.user_id
      where m.agent_id = a.id
    ),
    '[]'),
  'numbers', coalesce(
    (
      select pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object('phone_number_id', n.phone_number_id, 'display_number', n.display_number,
          'business_account_id', n.business_account_id, 'label', n.label, 'is_active', n.is_active)
        order by n.phone_number_id)
      from agent_numbers n
      where n.agent_id = a.id and n.released_at is null
    ),
    '[]'),
  'whatsapp', (
    select pg_catalog.to_jsonb(w) - case
        when asked.secrets then array['id', 'user_id'] else array['id', 'user_id', 'api_key', 'verify_token']
      end
    from whatsapp_configuration w
    where w.user_id = a.user_id
  ),
  'versions', coalesce(
    (
      select pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object('extension', v.extension, 'version', v.version, 'checksum', v.checksum)
        order by v.registered)
      from version v
    ),
    '[]'),
  'tables', (
    select pg_catalog.jsonb_agg(
      pg_catalog.jsonb_build_object(
        'suffix', o.suffix,
        'bytes', pg_catalog.pg_table_size(o.oid),
        'columns', (
          select pg_catalog.jsonb_agg(
            pg_catalog.jsonb_build_object('name', c.attname, 'type', pg_catalog.format_type(c.atttypid, c.atttypmod))
            order by c.attnum)
          from pg_attribute c
          where c.attrelid = o.oid and c.attnum > 0 and not c.attisdropped and c.attgenerated = ''
            and not (o.suffix = 'customers' and c.attname = 'agent_id')
        ),
        'sequences', coalesce(
          (
            select pg_catalog.jsonb_object_agg(p.attname, p.last_value)
            from (
              select c.attname,
                case
                  when pg_catalog.has_sequence_privilege(s.name, 'usage, select')
                    then pg_catalog.pg_sequence_last_value(s.name::regclass)
                end as last_value
              from pg_attribute c
              cross join lateral (
                select pg_catalog.pg_get_serial_sequence(
                  pg_catalog.format('%I.%I', home.nspname, o.relname), c.attname::text) as name
              ) as s
              where c.attrelid = o.oid and c.attnum > 0 and not c.attisdropped and s.name is not null
            ) as p
            where p.last_value is not null
          ),
          '{}'))
      order by o.suffix = 'customers', o.suffix)
    from owned o
    where o.oid not in (select l.oid from left_out l)
  ))::text as manifest
from agent a
cross join asked
cross join home
