-- Whether the transaction is still the one in which save.sql has run.
select not pg_catalog.texteq(coalesce(pg_catalog.current_setting({seal}, true), ''), '') as crm_sealed
