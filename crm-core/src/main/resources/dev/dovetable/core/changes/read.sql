-- Slots: read_changes(); the agent's prefix or null, the cursor or null, and how many.
select {read_changes}({agent}::text, {place}::text, {wanted}::integer) as page
