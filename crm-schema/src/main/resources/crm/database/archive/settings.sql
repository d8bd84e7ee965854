-- What COPY writes and reads must not hang on the session, and it takes as long as it takes.
select
  pg_catalog.set_config('datestyle', 'iso, mdy', true),
  pg_catalog.set_config('intervalstyle', 'postgres', true),
  pg_catalog.set_config('bytea_output', 'hex', true),
  pg_catalog.set_config('extra_float_digits', '1', true),
  pg_catalog.set_config('timezone', 'UTC', true),
  pg_catalog.set_config('xmloption', 'content', true),
  pg_catalog.set_config('lc_monetary', 'C', true),
  pg_catalog.set_config('array_nulls', 'on', true),
  pg_catalog.set_config('quote_all_identifiers', 'off', true),
  pg_catalog.set_config('standard_conforming_strings', 'on', true),
  pg_catalog.set_config('statement_timeout', '0', true),
  pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
