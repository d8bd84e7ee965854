-- First statements inside a transaction of the caller's: what must be put back later, and the schema in which the
-- history is read unqualified. Parameter: the private schema.
select
  current_setting('search_path') as search_path,
  current_setting('client_min_messages') as client_min_messages,
  current_setting('lock_timeout') as lock_timeout,
  current_setting('statement_timeout') as statement_timeout,
  current_setting('quote_all_identifiers') as quote_all_identifiers,
  current_setting('transaction_isolation') as isolation;
select set_config('quote_all_identifiers', 'off', true), set_config('search_path', quote_ident(?), true);
