-- Before the first row. Parameters: how long to wait for locks, in milliseconds. Then comes, table by table: lock, no triggers.
select
  pg_catalog.set_config('lock_timeout', ?::text, true),
  pg_catalog.set_config('maintenance_work_mem', case
    when pg_catalog.pg_size_bytes(pg_catalog.current_setting('maintenance_work_mem')) < 268435456 then '256MB'
    else pg_catalog.current_setting('maintenance_work_mem')
  end, true),
  pg_catalog.set_config('search_path', 'pg_catalog', true)
