select sum(total_bytes) from pg_backend_memory_contexts
