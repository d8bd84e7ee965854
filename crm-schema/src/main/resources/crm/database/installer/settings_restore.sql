-- Parameters: the settings as they were found.
select
  set_config('search_path', ?::text, true),
  set_config('client_min_messages', ?::text, true),
  set_config('lock_timeout', ?::text, true),
  set_config('statement_timeout', ?::text, true),
  set_config('quote_all_identifiers', ?::text, true),
  set_config('array_nulls', ?::text, true);
