-- Parameters: the settings as they were found, and whether to set them for the transaction only.
select
  set_config('search_path', ?, scope.is_local),
  set_config('client_min_messages', ?, scope.is_local),
  set_config('lock_timeout', ?, scope.is_local),
  set_config('statement_timeout', ?, scope.is_local)
from (select ?::boolean as is_local) as scope;
