-- Goes on as the owner of the functions. Parameter: its name.
select set_config('role', ?, true);
