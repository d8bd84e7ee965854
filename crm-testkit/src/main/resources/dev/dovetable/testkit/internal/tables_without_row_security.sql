select format('%I.%I', n.nspname, c.relname)
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname in (?, ?) and c.relkind in ('r', 'p') and not c.relrowsecurity
order by 1
