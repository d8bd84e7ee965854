-- The tables that extensions have made for an agent, each with a column that can be updated, its sequence, and a
-- statement that puts a row into it: with the id given, and else the plainest values that the columns' types allow.
with
  made as (
    select distinct to_regclass(format('%I.%I', {2}, {3} || '_' || suffix.name)) as id
    from {0} as v
    join {1} as t on t.extension = v.extension and t.version = v.version
    cross join unnest(t.tables) as suffix (name)
    where v.agent_id = {4}
  ),
  attribute as (
    select made.id as table_id, a.attnum, a.attname, a.attnotnull, a.attidentity, a.atttypid, a.atttypmod,
      pg_get_expr(d.adbin, d.adrelid) as default_value,
      pg_get_serial_sequence(made.id::text, a.attname) as sequence
    from made
    join pg_attribute as a on a.attrelid = made.id and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  ),
  filled as (
    select attribute.table_id, attribute.attnum, quote_ident(attribute.attname) as name,
      case
        when attribute.sequence is not null then {5}::text
        when f.confrelid is not null then
          format('(select r.%I from %s as r order by 1 limit 1)', referred.attname, f.confrelid::regclass)
        else
          format('%L::%s',
            case y.typcategory
              when 'N' then attribute.attnum::text
              when 'D' then (timestamp '2026-01-01' + attribute.attnum * interval '1 day')::text
              when 'B' then 'false'
              when 'E' then (
                select e.enumlabel from pg_enum as e where e.enumtypid = y.oid order by e.enumsortorder limit 1
              )
              when 'A' then '{}'
              when 'R' then 'empty'
              when 'T' then '1 day'
              when 'I' then '127.0.0.1'
              when 'S' then 'x'
              else case y.typname when 'uuid' then gen_random_uuid()::text when 'bytea' then '' else '{}' end
            end,
            format_type(attribute.atttypid, attribute.atttypmod))
      end as value
    from attribute
    join pg_type as given on given.oid = attribute.atttypid
    join pg_type as y on y.oid = case given.typbasetype when 0 then given.oid else given.typbasetype end
    left join pg_constraint as f
      on f.conrelid = attribute.table_id and f.contype = 'f' and f.conkey = array[attribute.attnum]
    left join pg_attribute as referred on referred.attrelid = f.confrelid and referred.attnum = f.confkey[1]
    where attribute.sequence is not null or attribute.attnotnull and attribute.default_value is null
  )
select
  c.relname::text as name,
  (
    select a.attname::text from attribute as a
    where a.table_id = made.id and a.attidentity = ''
    order by a.attnum
    limit 1
  ) as column_name,
  (select min(a.sequence) from attribute as a where a.table_id = made.id) as sequence,
  coalesce(
    (
      select format('insert into %s (%s) overriding system value select %s', made.id,
        string_agg(filled.name, ', ' order by filled.attnum), string_agg(filled.value, ', ' order by filled.attnum))
      from filled
      where filled.table_id = made.id
    ),
    format('insert into %s default values', made.id)) as insert_statement
from made
join pg_class as c on c.oid = made.id
order by 1
