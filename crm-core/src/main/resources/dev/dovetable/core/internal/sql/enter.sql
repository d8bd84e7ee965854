-- Goes on only if there is the agent, and as its user if that is asked for.
select {enter_agent}({prefix}, {as_own_user})
