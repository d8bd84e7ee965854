select success from delete_agent(?)
