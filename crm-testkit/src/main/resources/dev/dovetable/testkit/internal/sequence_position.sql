select name, coalesce(pg_sequence_last_value(name::regclass), 1), pg_sequence_last_value(name::regclass) is not null
from (values ({0})) as sequence (name)
