-- For whoever prints definitions: every name in full, and in quotes only where it must be. And no compilation, which takes longer than it saves here.
select
  set_config('search_path', '', true),
  set_config('quote_all_identifiers', 'off', true),
  set_config('jit', 'off', true),
  set_config('work_mem', '64MB', true),
  set_config('statement_timeout', '0', true);
