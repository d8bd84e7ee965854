-- What the first foreign key will lock anyway. Here it is waited for no longer than this transaction says; the function
-- that makes the tables would wait for half a minute, and everybody behind it.
lock table agents in share row exclusive mode;
