-- Ahead of a statement in a transaction in which the caller's own SQL has run: fails unless that is still the transaction
-- in which save.sql and prelude.sql have run, and acts as it did. After a COMMIT, a ROLLBACK or a RESET ROLE of the
-- caller's, the statement would run as the login. The words come back in the server's message, whatever its language.
select
  case
    when
      pg_catalog.texteq(coalesce(pg_catalog.current_setting({seal}, true), ''), '')
      or not pg_catalog.texteq(pg_catalog.current_setting('role'), {role})
      or not pg_catalog.texteq(
        coalesce({claims}, pg_catalog.current_setting('request.jwt.claims', true), ''),
        coalesce(pg_catalog.current_setting('request.jwt.claims', true), '')
      )
      then cast(pg_catalog.concat({words}, pg_catalog.current_setting({seal}, true)) as pg_catalog.int4)
  end
