-- What the specification's words come to when each row is followed to its agent.
drop policy {prefix}_customers_access on {prefix}_customers;
drop policy {prefix}_messages_access on {prefix}_messages;
create policy {prefix}_customers_access on {prefix}_customers for all to authenticated
  using (
    exists (select from agents a where a.id = {prefix}_customers.agent_id and a.user_id = auth.uid())
  );
create policy {prefix}_messages_access on {prefix}_messages for all to authenticated
  using (
    exists (
      select
      from {prefix}_customers c
      join agents a on a.id = c.agent_id
      where c.id = {prefix}_messages.customer_id and a.user_id = auth.uid()
    )
  );
