-- What a caller's own transaction must find again afterwards.
select
  current_setting('search_path') as search_path,
  current_setting('lock_timeout') as lock_timeout,
  current_setting('statement_timeout') as statement_timeout,
  current_setting('transaction_isolation') as isolation;
