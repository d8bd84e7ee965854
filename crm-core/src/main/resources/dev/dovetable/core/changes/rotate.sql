-- Slot: rotate_changes().
select {rotate_changes}() as done
