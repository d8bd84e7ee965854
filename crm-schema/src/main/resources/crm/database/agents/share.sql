-- Makes the functions of a version that all agents share. In the private schema. Parameters: extension, version.
select share_functions(?::text, ?::bigint);
