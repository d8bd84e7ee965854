select concat_ws(' ', a.pid, extract(epoch from a.xact_start), a.usename)
from pg_stat_activity as a
where a.datname = current_database() and a.pid <> pg_backend_pid() and a.state like 'idle in transaction%'
order by a.pid
