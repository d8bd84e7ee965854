-- One more version, with lists whose items are separated by commas, and those of statements by chr(31). In the private schema.
select register_version(
  ?::text, ?::bigint, ?::text, ?::text, ?::text, pg_catalog.string_to_array(?::text, ','), pg_catalog.string_to_array(?::text, ','),
  pg_catalog.string_to_array(?::text, ','), pg_catalog.string_to_array(?::text, ','), pg_catalog.string_to_array(?::text, ','),
  pg_catalog.string_to_array(?::text, pg_catalog.chr(31)), pg_catalog.string_to_array(?::text, pg_catalog.chr(31)), pg_catalog.string_to_array(?::text, pg_catalog.chr(31)))
