-- First statement of the transaction that reads an agent.
set transaction isolation level repeatable read, read only
