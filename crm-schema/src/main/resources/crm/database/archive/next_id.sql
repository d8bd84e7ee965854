select pg_catalog.nextval('agents_id_seq'::regclass) as id
