-- What is wrong with sequences, of what the query told that stands in place of the slot.
with
  told as materialized ({sequences}),
  judged as (
    select
      *,
      -- Counted in numeric: the limit of a bigint is the last one that can be added up.
      greatest(last_value, greatest_id)::numeric > 0.8 * greatest_possible::numeric as is_near_end,
      format('%I.%I', schema, table_name) as full_table,
      format('%I.%I', sequence_schema, sequence) as full_sequence
    from told
  )
select prefix, 'behind' as kind, sequence, table_name, column_name, greatest_possible,
  greatest(last_value, greatest_id) as reached,
  -- By then it may have gone on.
  format('select setval(%L::regclass, greatest((select max(%I) from %s), (select last_value from %s)))',
    full_sequence, column_name, full_table, full_sequence) as statement
from judged
where greatest_id > last_value and not is_near_end
union all
select prefix, 'ahead', sequence, table_name, column_name, greatest_possible, last_value - greatest_id,
  format('select setval(%L::regclass, greatest((select max(%I) from %s), 1))', full_sequence, column_name, full_table)
from judged
where last_value - greatest_id > 1000000
  -- Each database of a fleet has a thousand million ids of agents of its own.
  and (prefix is not null or sequence <> 'agents_id_seq' or last_value % 1000000000 > 1000000)
union all
select prefix, 'capacity', sequence, table_name, column_name, greatest_possible, greatest(last_value, greatest_id), null
from judged
where is_near_end
order by 1, 3, 2
