package dev.dovetable.core.agents;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.RefusedException.Reason;
import dev.dovetable.schema.errors.CrmException;
import java.util.Optional;
import java.util.UUID;

/**
 * What it means that a function refused to make or change an agent: told apart by its reason, since
 * its message is for people.
 */
final class AgentRefusals {
  private AgentRefusals() {}

  /**
   * What the function answered.
   *
   * @param reason a word
   * @param message its sentence, without a full stop
   * @param prefix of the agent that it speaks of
   */
  record Refusal(String reason, String message, Optional<String> prefix) {}

  static CrmException ofCreation(Refusal refusal, UUID userId, String prefix, UUID createdBy) {
    return switch (refusal.reason()) {
      case "taken_prefix" ->
          new RefusedException(
              Reason.PREFIX_TAKEN,
              "The prefix " + prefix + " belongs to another agent.",
              "Choose another prefix, or open that agent: crm.as(…).tenant(\"" + prefix + "\").");
      case "user_has_agent" -> userHasAgent(refusal, userId);
      case "unknown_user" -> unknown(userId);
      case "unknown_creator" -> unknown(createdBy);
      default ->
          new RefusedException(
              Reason.NAMES_TAKEN,
              "The agent " + prefix + " was refused: " + refusal.message() + ".",
              "Choose another prefix, or rename what holds these names.");
    };
  }

  static CrmException ofAssignment(Refusal refusal, long agentId, UUID userId) {
    return switch (refusal.reason()) {
      case "user_has_agent" -> userHasAgent(refusal, userId);
      case "unknown_user" -> unknown(userId);
      default -> ofUpdate(refusal, agentId);
    };
  }

  static CrmException ofUpdate(Refusal refusal, long agentId) {
    return switch (refusal.reason()) {
      case "unknown_agent" -> new NotFoundException("agent with id " + agentId);
      case "agent_without_user" ->
          new RefusedException(
              Reason.AGENT_WITHOUT_USER,
              "The agent " + refusal.prefix().orElse("") + " has no user.",
              "Give it one first: crm.asService().agents().assign(…).");
      case "taken_email" ->
          new RefusedException(
              Reason.EMAIL_TAKEN, "Another user has the e-mail address.", "Pass another address.");
      default ->
          new InvalidDataException(
              InvalidDataException.Kind.CHECK_VIOLATED,
              "The change was refused: " + refusal.message() + ".",
              "Change the value, or act as an admin or the service.");
    };
  }

  private static CrmException userHasAgent(Refusal refusal, UUID userId) {
    return new RefusedException(
        Reason.USER_HAS_AGENT,
        "The user " + userId + " already has agent " + refusal.prefix().orElse("") + ".",
        "A user has at most one agent: delete that one, or pass another user.");
  }

  static CrmException unknown(UUID userId) {
    return new RefusedException(
        Reason.UNKNOWN_USER,
        "There is no user " + userId + ".",
        "Make the user first: crm.asService().users().create(…).");
  }
}
