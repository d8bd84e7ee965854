-- Catalogue caches, and what relations keep beside them: their indexes, rules and policies.
select sum(total_bytes)
from pg_backend_memory_contexts
where name in ('CacheMemoryContext', 'index info', 'relation rules', 'row security descriptor')
