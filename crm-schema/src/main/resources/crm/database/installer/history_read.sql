-- Everything that was installed, oldest first.
select version, script, checksum
from schema_history
order by version, script;
