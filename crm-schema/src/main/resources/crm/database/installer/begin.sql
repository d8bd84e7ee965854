-- First statements of a transaction that installs. Read committed: what another installer committed while this one
-- waited for its lock must be seen. Then as join.sql. Parameter: the private schema.
set transaction isolation level read committed;
select
  current_setting('search_path') as search_path,
  current_setting('client_min_messages') as client_min_messages,
  current_setting('lock_timeout') as lock_timeout,
  current_setting('statement_timeout') as statement_timeout,
  current_setting('quote_all_identifiers') as quote_all_identifiers,
  current_setting('transaction_isolation') as isolation;
select set_config('quote_all_identifiers', 'off', true), set_config('search_path', quote_ident(?), true);
