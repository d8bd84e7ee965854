-- Whether there is the table of callbacks that led nowhere, which this role may see. In the private schema.
select coalesce(has_table_privilege(to_regclass('unrouted_webhooks'), 'select'), false) as may_read
