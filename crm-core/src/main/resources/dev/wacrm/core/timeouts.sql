-- In milliseconds. Null leaves what the server, the database or the log-in has.
select
  set_config('statement_timeout', coalesce(?, current_setting('statement_timeout')), true),
  set_config('lock_timeout', coalesce(?, current_setting('lock_timeout')), true)
