package dev.dovetable.core.agents;

import dev.dovetable.schema.errors.CrmException;
import java.util.function.Function;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent, or why there is none.
 *
 * @param agent null if it was refused
 * @param told why it was refused, or what is missing though it wasn't
 */
record AgentAnswer(@Nullable JSONB agent, AgentRefusals.Refusal told) {
  private static final Logger log = LoggerFactory.getLogger(AgentRepository.class);

  Agent agentOr(Function<AgentRefusals.Refusal, CrmException> exception) {
    if (agent == null) {
      throw exception.apply(told);
    }
    if (told.reason().equals("taken_number")) {
      log.warn(told.message());
    }
    return AgentMapper.agent(agent);
  }
}
