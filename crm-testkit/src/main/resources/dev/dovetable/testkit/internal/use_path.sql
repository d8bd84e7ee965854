-- The private schema first: whatever the application calls its own tables, its names are the CRM's there.
select set_config('search_path', format('%I, %I', ?, ?), false)
