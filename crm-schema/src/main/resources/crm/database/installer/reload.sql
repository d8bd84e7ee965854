-- Has PostgREST read the catalogue again, once this transaction commits.
select pg_notify('pgrst', 'reload schema');
