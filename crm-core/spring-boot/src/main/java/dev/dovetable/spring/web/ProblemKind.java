package dev.dovetable.spring.web;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.inbox.ConversationConflictException;
import dev.dovetable.core.orders.OrderStatusConflictException;
import dev.dovetable.core.webhooks.WebhookSignatureException;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.errors.SchemaException;
import java.net.URI;
import java.util.Locale;

/** What an exception is to a client. */
enum ProblemKind {
  UNSIGNED(401, "Not signed"),
  DENIED(403, "Not allowed"),
  NOT_FOUND(404, "Not found"),
  UNKNOWN_AGENT(404, "Unknown agent"),
  CONFLICT(409, "Changed meanwhile"),
  NOT_UNIQUE(409, "There is one already"),
  REFUSED(409, "Against a rule"),
  INVALID(422, "Can't be accepted"),
  FAILED(500, "Failed"),
  UNAVAILABLE(503, "Not available for now");

  private final int status;
  private final String title;

  ProblemKind(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  URI type() {
    return URI.create("urn:dovetable:" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  static ProblemKind of(CrmException e) {
    if (e instanceof WebhookSignatureException) {
      return UNSIGNED;
    }
    if (e instanceof AccessDeniedException) {
      return DENIED;
    }
    if (e instanceof NotFoundException) {
      return NOT_FOUND;
    }
    if (e instanceof UnknownAgentException) {
      return UNKNOWN_AGENT;
    }
    if (e instanceof ConversationConflictException || e instanceof OrderStatusConflictException) {
      return CONFLICT;
    }
    if (e instanceof InvalidDataException invalid) {
      return invalid.kind() == InvalidDataException.Kind.NOT_UNIQUE ? NOT_UNIQUE : INVALID;
    }
    if (e instanceof RefusedException refused) {
      return of(refused.reason());
    }
    if (e instanceof DatabaseException database) {
      boolean passes =
          database.isRetryable() || database.kind() == DatabaseException.Kind.CANCELLED;
      return passes ? UNAVAILABLE : FAILED;
    }
    if (e instanceof SchemaException schema) {
      return switch (schema.reason()) {
        case LOCKED, UNREACHABLE -> UNAVAILABLE;
        default -> FAILED;
      };
    }
    return FAILED;
  }

  /** What the client has asked for, or how the application was set up. */
  private static ProblemKind of(RefusedException.Reason reason) {
    return switch (reason) {
      case PREFIX_MALFORMED -> INVALID;
      case NO_WEBHOOK_SECRET,
          NO_SERVICE,
          WEBHOOKS_NOT_REGISTERED,
          INBOX_NOT_REGISTERED,
          SEARCH_NOT_REGISTERED,
          CHANGES_NOT_REGISTERED,
          TRANSACTION_OPEN,
          TRANSACTION_ENDED ->
          FAILED;
      default -> REFUSED;
    };
  }
}
