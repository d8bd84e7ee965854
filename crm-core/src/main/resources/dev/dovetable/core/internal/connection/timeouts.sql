-- In milliseconds. Null leaves what the server, the database or the log-in has.
select
  set_config('statement_timeout', coalesce({statement}, current_setting('statement_timeout')), true),
  set_config('lock_timeout', coalesce({lock}, current_setting('lock_timeout')), true)
