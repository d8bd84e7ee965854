-- Sizes and limits of the server.
select
  (select count(*) from pg_class) as relations,
  (
    select sum(pg_total_relation_size(format('pg_catalog.%I', catalog.name)::regclass))
    from unnest(array[
      'pg_class', 'pg_attribute', 'pg_attrdef', 'pg_index', 'pg_constraint', 'pg_depend', 'pg_shdepend', 'pg_description',
      'pg_policy', 'pg_sequence', 'pg_trigger', 'pg_type'
    ]) as catalog (name)
  )::bigint as catalog_bytes,
  (
    select current_setting('max_locks_per_transaction')::bigint
      * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint)
  ) as lock_slots,
  (
    select count(*)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  ) as locks_to_dump
