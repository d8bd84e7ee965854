select nextval('agents_id_seq')
