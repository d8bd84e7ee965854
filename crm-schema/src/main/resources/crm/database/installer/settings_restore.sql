-- Parameters: search_path, lock_timeout and statement_timeout as they were found.
select
  set_config('search_path', ?, true),
  set_config('lock_timeout', ?, true),
  set_config('statement_timeout', ?, true);
