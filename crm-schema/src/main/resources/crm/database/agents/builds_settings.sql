-- What a connection has set that is set otherwise while indexes are built.
select current_setting('search_path') as search_path, current_setting('lock_timeout') as lock_timeout,
  current_setting('statement_timeout') as statement_timeout
