-- Whether there are accounts, which this role may see.
select coalesce(has_table_privilege(to_regclass('auth.users'), 'select'), false) as may_read
