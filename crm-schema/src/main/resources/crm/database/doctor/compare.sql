-- Objects that are not as they should be, of any number of subjects at once: agents, or the installation itself. All of
-- it comes from the catalogues: agents is not read, because a lock on it, held this long, would stall whoever deletes an
-- agent. With nothing expected, every object is told, and the statements that make it: so a fresh one is read.
--
-- Parameters: the two texts that stand for a subject's own in what is expected; then, as arrays for unnest(), the subjects
-- (4), the names of relations (2) and of functions (2), the schemas with functions and types (2), and what is expected (8). To be run with an
-- empty search_path, so that names are printed in full.
with
  token as materialized (
    select ?::text as first, ?::text as second
  ),
  subject as materialized (
    select s.subject, s.state, s.first, s.second
    from unnest(?::bigint[], ?::text[], ?::text[], ?::text[]) as s (subject, state, first, second)
  ),
  relation as materialized (
    select
      s.subject, n.nspname::text as home, c.relname::text as relation, c.oid, c.relkind, c.relpersistence, c.relowner,
      c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relhasrules
    from subject s
    cross join token t
    cross join unnest(?::text[], ?::text[]) as r (home, name)
    join pg_namespace n on n.nspname = replace(replace(r.home, t.first, s.first), t.second, s.second)::name
    join pg_class c on c.relnamespace = n.oid
      and c.relname = replace(replace(r.name, t.first, s.first), t.second, s.second)::name
  ),
  own_function as materialized (
    select s.subject, n.nspname::text as home, p.oid
    from subject s
    cross join token t
    cross join unnest(?::text[], ?::text[]) as f (home, name)
    join pg_namespace n on n.nspname = replace(replace(f.home, t.first, s.first), t.second, s.second)::name
    join pg_proc p on p.pronamespace = n.oid
      and p.proname = replace(replace(f.name, t.first, s.first), t.second, s.second)::name
  ),
  schema as materialized (
    select s.subject, n.nspname::text as home, n.oid, n.nspowner, n.nspacl, h.is_private
    from subject s
    cross join token t
    cross join unnest(?::text[], ?::boolean[]) as h (name, is_private)
    join pg_namespace n on n.nspname = replace(replace(h.name, t.first, s.first), t.second, s.second)::name
  ),
  expected as materialized (
    select
      e.state, e.kind, e.home, e.relation, e.name, e.value, e.other_value,
      string_to_array(e.statements, chr(31)) as statements
    from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
      as e (state, kind, home, relation, name, value, other_value, statements)
  ),
  tables as materialized (
    select * from relation where relkind <> 'S'
    union all
    -- Beside what is expected there, nothing belongs into the private schema.
    select
      h.subject, h.home, c.relname::text, c.oid, c.relkind, c.relpersistence, c.relowner, c.relacl, c.relrowsecurity,
      c.relforcerowsecurity, c.relhasrules
    from schema h
    join pg_class c on c.relnamespace = h.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
    where h.is_private
      and exists (select from expected)
      and c.oid not in (select r.oid from relation r)
  ),
  routine as materialized (
    select h.subject, h.home, p.oid::regprocedure::text as relation, p.proname::text as name, p.oid, p.proowner, p.proacl
    from schema h
    join pg_proc p on p.pronamespace = h.oid
    where p.prokind in ('f', 'p')
      -- Others are the application's.
      and (
        not exists (select from expected) or p.proname in (select e.name::name from expected e where e.kind = 'function')
      )
    union all
    select f.subject, f.home, p.oid::regprocedure::text, p.proname::text, p.oid, p.proowner, p.proacl
    from own_function f
    join pg_proc p on p.oid = f.oid and p.prokind in ('f', 'p')
  ),
  enumeration as materialized (
    select
      h.subject, h.home, y.typname::text as relation, y.oid, y.typowner,
      (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = y.oid)
        as labels
    from schema h
    join pg_type y on y.typnamespace = h.oid
    where y.typtype = 'e'
      and (
        not exists (select from expected) or y.typname in (select e.relation::name from expected e where e.kind = 'type')
      )
  ),
  -- An expression without columns is printed without its table, which this backend would else have to keep in its cache.
  object (subject, kind, home, relation, name, value, class, oid, part) as materialized (
    select
      subject, 'table', home, relation, '',
      concat_ws(' ',
        case relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end,
        case relkind
          when 'r' then 'table'
          when 'p' then 'partitioned table'
          when 'v' then 'view'
          when 'm' then 'materialized view'
          when 'f' then 'foreign table'
          else 'relation'
        end),
      'pg_class'::regclass, oid, 0
    from tables
    union all
    select r.subject, 'column', r.home, r.relation, a.attname::text,
      concat_ws(' ',
        format_type(a.atttypid, a.atttypmod),
        case when a.attcollation <> y.typcollation then 'collate ' || a.attcollation::regcollation::text end,
        case a.attidentity
          when 'a' then 'generated always as identity'
          when 'd' then 'generated by default as identity'
        end,
        case when a.attgenerated <> '' then
          format('generated always as (%s) %s', pg_get_expr(d.adbin, d.adrelid),
            case a.attgenerated when 's' then 'stored' else 'virtual' end)
        end),
      'pg_class'::regclass, r.oid, a.attnum
    from tables r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    join pg_type y on y.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated <> ''
    union all
    select r.subject, 'constraint', r.home, r.relation, k.conname::text,
      replace(pg_get_constraintdef(k.oid), ' NOT VALID', ''), 'pg_constraint'::regclass, k.oid, 0
    from tables r
    join pg_constraint k on k.conrelid = r.oid and k.contype in ('c', 'f', 'p', 'u', 'x')
    union all
    select r.subject, 'index', r.home, r.relation, c.relname::text,
      concat_ws(' ',
        case when i.indisunique then 'unique' end,
        m.amname,
        format('(%s)', (
          select string_agg(
            coalesce(quote_ident(a.attname), pg_get_indexdef(i.indexrelid, k.position::integer, true))
              || case when o.opcdefault then '' else ' ' || o.opcname end
              || case (i.indoption::smallint[])[k.position - 1]
                when 1 then ' desc nulls last'
                when 2 then ' nulls first'
                when 3 then ' desc'
                else ''
              end,
            ', ' order by k.position)
          from unnest(i.indkey::smallint[]) with ordinality as k (attnum, position)
          left join pg_attribute a on a.attrelid = r.oid and a.attnum = k.attnum and k.attnum <> 0
          left join pg_opclass o on o.oid = (i.indclass::oid[])[k.position - 1]
          where k.position <= i.indnkeyatts
        )),
        case when i.indnatts > i.indnkeyatts then
          format('include (%s)', (
            select string_agg(quote_ident(a.attname), ', ' order by k.position)
            from unnest(i.indkey::smallint[]) with ordinality as k (attnum, position)
            join pg_attribute a on a.attrelid = r.oid and a.attnum = k.attnum
            where k.position > i.indnkeyatts
          ))
        end,
        case when i.indisunique and (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean then 'nulls not distinct' end,
        'where ' || pg_get_expr(i.indpred, i.indrelid)),
      'pg_class'::regclass, c.oid, 0
    from tables r
    join pg_index i on i.indrelid = r.oid
    join pg_class c on c.oid = i.indexrelid
    join pg_am m on m.oid = c.relam
    where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    union all
    select r.subject, 'trigger', r.home, r.relation, g.tgname::text, pg_get_triggerdef(g.oid),
      'pg_trigger'::regclass, g.oid, 0
    from tables r
    join pg_trigger g on g.tgrelid = r.oid and not g.tgisinternal
    union all
    select r.subject, 'policy', r.home, r.relation, p.polname::text,
      concat_ws(' ',
        case when not p.polpermissive then 'as restrictive' end,
        'for',
        case p.polcmd
          when 'r' then 'select'
          when 'a' then 'insert'
          when 'w' then 'update'
          when 'd' then 'delete'
          else 'all'
        end,
        'to',
        (
          select string_agg(coalesce(quote_ident(o.rolname), 'public'), ', ' order by o.rolname)
          from unnest(p.polroles) as role
          left join pg_roles o on o.oid = role
        ),
        'using (' || pg_get_expr(p.polqual, case when p.polqual::text like '%{VAR %' then p.polrelid else 0 end) || ')',
        'with check ('
          || pg_get_expr(p.polwithcheck, case when p.polwithcheck::text like '%{VAR %' then p.polrelid else 0 end) || ')'),
      'pg_policy'::regclass, p.oid, 0
    from tables r
    join pg_policy p on p.polrelid = r.oid
    union all
    select r.subject, 'rule', r.home, r.relation, w.rulename::text, pg_get_ruledef(w.oid), 'pg_rewrite'::regclass, w.oid, 0
    from tables r
    join pg_rewrite w on w.ev_class = r.oid
    where r.relhasrules and r.relkind = 'r'
    union all
    select r.subject, 'sequence', r.home, r.relation, '',
      format('as %s increment by %s minvalue %s maxvalue %s start with %s cache %s%s', format_type(s.seqtypid, null),
        s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' end),
      'pg_class'::regclass, r.oid, 0
    from relation r
    join pg_sequence s on s.seqrelid = r.oid
    union all
    select subject, 'function', home, relation, name, pg_get_functiondef(oid), 'pg_proc'::regclass, oid, 0
    from routine
    union all
    select subject, 'type', home, relation, '', format('enum (%s)', labels), 'pg_type'::regclass, oid, 0
    from enumeration
    union all
    select subject, 'schema', home, home, '', 'schema', 'pg_namespace'::regclass, oid, 0
    from schema
    where is_private
  ),
  holder as (
    select subject, home, relation, oid, relowner as owner, relacl as acl,
      case relkind when 'S' then 's' else 'r' end::"char" as acl_kind,
      case relkind when 'S' then 'sequence' else 'table' end as kind
    from relation
    union all
    select subject, home, relation, oid, proowner, proacl, 'f', 'function'
    from routine
    union all
    select subject, home, home, oid, nspowner, nspacl, 'n', 'schema'
    from schema
    where is_private
  ),
  privilege as (
    select h.subject, h.kind, h.home, h.relation, h.oid, p.grantee,
      lower(p.privilege_type) || case when p.is_grantable then ' (may be granted on)' else '' end as name
    from holder h
    cross join lateral aclexplode(coalesce(h.acl, acldefault(h.acl_kind, h.owner))) p
    -- A table from before PostgreSQL 17 has no MAINTAIN for its owner.
    where p.grantee <> h.owner or p.privilege_type <> 'MAINTAIN'
    union all
    select r.subject, 'table', r.home, r.relation, r.oid, p.grantee,
      format('%s (%I)', lower(p.privilege_type), a.attname)
        || case when p.is_grantable then ' (may be granted on)' else '' end
    from tables r
    join pg_attribute a on a.attrelid = r.oid and a.attacl is not null and not a.attisdropped
    cross join lateral aclexplode(a.attacl) p
  ),
  aspect (subject, kind, home, relation, name, value, oid) as (
    select subject, 'row security', home, relation, '', 'on', oid
    from tables
    where relrowsecurity
    union all
    select subject, 'forced row security', home, relation, '', 'on', oid
    from tables
    where relforcerowsecurity
    union all
    select subject, kind || ' owner', home, relation, '', pg_get_userbyid(owner)::text, oid
    from holder
    union all
    select p.subject, p.kind || ' privilege', p.home, p.relation, coalesce(o.rolname::text, 'public'),
      string_agg(distinct p.name, ', ' order by p.name), p.oid
    from privilege p
    left join pg_roles o on o.oid = p.grantee
    group by p.subject, p.kind, p.home, p.relation, p.oid, o.rolname
    union all
    select r.subject, 'default', r.home, r.relation, a.attname::text,
      pg_get_expr(d.adbin, case when d.adbin::text like '%{VAR %' then d.adrelid else 0 end), r.oid
    from tables r
    join pg_attrdef d on d.adrelid = r.oid
    join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum and a.attgenerated = ''
    union all
    select r.subject, 'not null', r.home, r.relation, a.attname::text, 'not null', r.oid
    from tables r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    where a.attnotnull
    union all
    select r.subject, 'unproven constraint', r.home, r.relation, k.conname::text, 'not valid', k.oid
    from tables r
    join pg_constraint k on k.conrelid = r.oid and not k.convalidated
    union all
    select r.subject, 'unusable index', r.home, r.relation, c.relname::text, 'invalid', c.oid
    from tables r
    join pg_index i on i.indrelid = r.oid and not (i.indisvalid and i.indisready and i.indislive)
    join pg_class c on c.oid = i.indexrelid
    union all
    select r.subject, 'disabled trigger', r.home, r.relation, g.tgname::text,
      case g.tgenabled when 'D' then 'disabled' when 'R' then 'replica only' else 'always' end, g.oid
    from tables r
    join pg_trigger g on g.tgrelid = r.oid and not g.tgisinternal and g.tgenabled <> 'O'
    union all
    select distinct r.subject, 'unenforced constraint', r.home, r.relation, k.conname::text, 'its triggers are disabled', k.oid
    from tables r
    join pg_trigger g on g.tgrelid = r.oid and g.tgisinternal and g.tgenabled <> 'O'
    join pg_constraint k on k.oid = g.tgconstraint
    union all
    select r.subject, 'sequence of column', r.home, r.relation, '', format('%s.%I', d.refobjid::regclass, a.attname), r.oid
    from relation r
    join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
      and d.deptype in ('a', 'i') and d.refobjsubid > 0
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where r.relkind = 'S'
    union all
    select o.subject, 'comment on ' || o.kind, o.home, o.relation, o.name, c.description, o.oid
    from object o
    join pg_description c on c.objoid = o.oid and c.classoid = o.class and c.objsubid = o.part
  ),
  found as (
    select subject, kind, home, relation, name, coalesce(value, '') as value, oid
    from object
    union all
    select subject, kind, home, relation, name, coalesce(value, ''), oid
    from aspect
  ),
  wanted as (
    select
      s.subject, e.kind, s.first, s.second,
      replace(replace(e.home, t.first, s.first), t.second, s.second)::name::text as home,
      case when e.kind like 'function%' or e.kind = 'comment on function'
        then replace(replace(e.relation, t.first, s.first), t.second, s.second)
        else replace(replace(e.relation, t.first, s.first), t.second, s.second)::name::text
      end as relation,
      replace(replace(e.name, t.first, s.first), t.second, s.second)::name::text as name,
      replace(replace(e.value, t.first, s.first), t.second, s.second) as value,
      replace(replace(e.other_value, t.first, s.first), t.second, s.second) as other_value,
      e.statements
    from subject s
    cross join token t
    join expected e on e.state = s.state
  )
select
  coalesce(w.subject, f.subject) as subject,
  coalesce(w.kind, f.kind) as kind,
  coalesce(w.home, f.home) as home,
  coalesce(w.relation, f.relation) as relation,
  coalesce(w.name, f.name) as name,
  w.value as expected,
  f.value as found,
  -- Only who has the rights of the present owner can put another in its place.
  case when w.kind like '% owner'
    and not exists (select from pg_roles o where o.rolname = f.value and pg_has_role(o.oid, 'usage'))
  then array[]::text[] else array(
    select replace(replace(x.statement, t.first, w.first), t.second, w.second)
    from token t
    cross join unnest(w.statements) with ordinality as x (statement, position)
    order by x.position
  ) end as make_expected,
  -- Those that make what was found are of use only where nothing is expected: then it is a fresh one that is being read.
  case
    when f.kind is null or w.kind is not null then array[]::text[]
    when f.kind = 'column' then array[format('alter table %s add column %I %s', n.full_name, f.name, f.value)]
    when f.kind = 'default' then array[format('alter table %s alter column %I set default %s', n.full_name, f.name, f.value)]
    when f.kind = 'not null' then array[format('alter table %s alter column %I set not null', n.full_name, f.name)]
    when f.kind = 'constraint' then array[
      format('alter table %s drop constraint if exists %I', n.full_name, f.name),
      format('alter table %s add constraint %I %s', n.full_name, f.name, f.value)] || n.comment
    when f.kind = 'index' then array[
      format('drop index if exists %I.%I', f.home, f.name),
      pg_get_indexdef(f.oid)] || n.comment
    when f.kind = 'trigger' then array[
      format('drop trigger if exists %I on %s', f.name, n.full_name),
      f.value] || n.comment
    when f.kind = 'policy' then array[
      format('drop policy if exists %I on %s', f.name, n.full_name),
      format('create policy %I on %s %s', f.name, n.full_name, f.value)] || n.comment
    when f.kind = 'rule' then array[f.value]
    -- One that belongs to an identity column comes with the column. A new one begins behind the ids that there are.
    when f.kind = 'sequence' then array(
      select unnest(array[format('create sequence %s %s', n.full_name, f.value)] || n.grants || array[
        format('select pg_catalog.setval(%L, coalesce(max(%I), 0) + 1, false) from %s',
          n.full_name, a.attname, d.refobjid::regclass)])
      from pg_depend d
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass and d.deptype = 'a'
        and w.kind is null
    )
    when f.kind = 'sequence of column' then array[format('alter sequence %s owned by %s', n.full_name, f.value)]
    when f.kind = 'function' then array[f.value] || n.grants
    when f.kind = 'row security' then array[format('alter table %s enable row level security', n.full_name)]
    when f.kind = 'forced row security' then array[format('alter table %s force row level security', n.full_name)]
    when f.kind like '% owner' then array[
      format('alter %s %s owner to %I', split_part(f.kind, ' ', 1), n.full_name, f.value)]
    when f.kind like '% privilege' then array[
      format('revoke all on %s %s from %s', split_part(f.kind, ' ', 1), n.full_name, n.grantee),
      format('grant %s on %s %s to %s', f.value, split_part(f.kind, ' ', 1), n.full_name, n.grantee)]
    when f.kind = 'comment on column' then array[format('comment on column %s.%I is %L', n.full_name, f.name, f.value)]
    when f.kind = 'comment on index' then array[format('comment on index %I.%I is %L', f.home, f.name, f.value)]
    when f.kind in ('comment on constraint', 'comment on trigger', 'comment on policy', 'comment on rule') then array[
      format('%s %I on %s is %L', f.kind, f.name, n.full_name, f.value)]
    when f.kind like 'comment on %' then array[format('%s %s is %L', f.kind, n.full_name, f.value)]
    else array[]::text[]
  end as make_found,
  case
    when f.kind is null or w.kind is not null then array[]::text[]
    when f.kind = 'default' then array[format('alter table %s alter column %I drop default', n.full_name, f.name)]
    when f.kind = 'not null' then array[format('alter table %s alter column %I drop not null', n.full_name, f.name)]
    when f.kind = 'policy' then array[format('drop policy %I on %s', f.name, n.full_name)]
    when f.kind = 'forced row security' then array[format('alter table %s no force row level security', n.full_name)]
    when f.kind like '% privilege' then array[
      format('revoke all on %s %s from %s', split_part(f.kind, ' ', 1), n.full_name, n.grantee)]
    when f.kind = 'unproven constraint' then array[
      format('alter table %s validate constraint %I', n.full_name, f.name)]
    when f.kind = 'unusable index' then array[format('reindex index %I.%I', f.home, f.name)]
    when f.kind = 'disabled trigger' then array[format('alter table %s enable trigger %I', n.full_name, f.name)]
    else array[]::text[]
  end as undo_found
from wanted w
full join found f
  on f.subject = w.subject and f.kind = w.kind and f.home = w.home and f.relation = w.relation and f.name = w.name
cross join lateral (
  select
    case
      when f.kind like '%function%' then f.relation
      when f.kind like '%schema%' then quote_ident(f.home)
      else format('%I.%I', f.home, f.relation)
    end as full_name
) as m
cross join lateral (
  select
    m.full_name,
    case when f.name = 'public' then 'public' else quote_ident(f.name) end as grantee,
    -- Whoever makes it anew has to say it anew.
    array(
      select case f.kind
        when 'index' then format('comment on index %I.%I is %L', f.home, f.name, c.description)
        else format('comment on %s %I on %I.%I is %L', f.kind, f.name, f.home, f.relation, c.description)
      end
      from pg_description c
      where w.kind is null and f.kind in ('constraint', 'index', 'trigger', 'policy')
        and c.objoid = f.oid and c.objsubid = 0
        and c.classoid = case f.kind
          when 'constraint' then 'pg_constraint'::regclass
          when 'index' then 'pg_class'::regclass
          when 'trigger' then 'pg_trigger'::regclass
          else 'pg_policy'::regclass
        end
    ) as comment,
    -- What is made anew may be everybody's at first.
    case when w.kind is null and f.kind in ('function', 'sequence') then
      array[format('revoke all on %s %s from public, anon, authenticated, service_role', f.kind, m.full_name)] || array(
        select format('grant %s on %s %s to %I', string_agg(p.name, ', ' order by p.name), f.kind, m.full_name, o.rolname)
        from privilege p
        join holder h on h.subject = p.subject and h.kind = p.kind and h.oid = p.oid and h.owner <> p.grantee
        join pg_roles o on o.oid = p.grantee
        where p.subject = f.subject and p.kind = f.kind and p.oid = f.oid
        group by o.rolname
        order by o.rolname
      )
    end as grants
) as n
where w.value is distinct from f.value and w.other_value is distinct from f.value
order by 1, 2, 3, 4, 5
