-- Whether there is the ring of the change feed, which this role may see. In the private schema.
select coalesce(has_table_privilege(to_regclass('change_ring'), 'select'), false) as may_read
