-- Parameters: the settings as they were found.
select
  set_config('search_path', ?, true),
  set_config('client_min_messages', ?, true),
  set_config('lock_timeout', ?, true),
  set_config('statement_timeout', ?, true),
  set_config('quote_all_identifiers', ?, true),
  set_config('array_nulls', ?, true);
