-- After a version was withdrawn. In the private schema. Parameter: the extension.
select revert_shared_functions(?::text);
