-- For whoever prints definitions: every name in full. And no compilation, which takes longer than it saves here.
select
  set_config('search_path', '', true),
  set_config('jit', 'off', true),
  set_config('work_mem', '64MB', true),
  set_config('statement_timeout', '0', true);
