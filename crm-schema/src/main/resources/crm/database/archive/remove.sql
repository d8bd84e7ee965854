-- Parameter: the id of an agent without its rows.
select delete_agent(?::bigint)
