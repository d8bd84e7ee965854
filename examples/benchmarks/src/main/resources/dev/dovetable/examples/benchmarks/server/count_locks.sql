select count(*) from pg_locks where pid = pg_backend_pid()
