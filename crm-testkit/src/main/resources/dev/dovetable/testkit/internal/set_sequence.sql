select setval(({0})::regclass, {1}, {2})
