package dev.dovetable.examples.spring;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.webhooks.WebhookSignatureException;
import dev.dovetable.schema.errors.CrmException;
import java.util.NoSuchElementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What the CRM's exceptions mean to a client. Callers are told the problem, the log the cause. */
@RestControllerAdvice
class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  @ExceptionHandler
  ProblemDetail crm(CrmException e) {
    HttpStatus status = status(e);
    if (status.is5xxServerError()) {
      LOG.error("A request failed", e);
      return ProblemDetail.forStatus(status);
    }
    return ProblemDetail.forStatusAndDetail(status, e.problem());
  }

  @ExceptionHandler
  ProblemDetail missing(NoSuchElementException e) {
    return ProblemDetail.forStatus(HttpStatus.NOT_FOUND);
  }

  /** From this application's own tables. */
  @ExceptionHandler
  ProblemDetail refused(DataIntegrityViolationException e) {
    return ProblemDetail.forStatus(HttpStatus.CONFLICT);
  }

  private static HttpStatus status(CrmException e) {
    if (e instanceof WebhookSignatureException) {
      return HttpStatus.UNAUTHORIZED;
    }
    if (e instanceof NotFoundException || e instanceof UnknownAgentException) {
      return HttpStatus.NOT_FOUND;
    }
    if (e instanceof InvalidDataException) {
      return HttpStatus.BAD_REQUEST;
    }
    if (e instanceof RefusedException) {
      return HttpStatus.CONFLICT;
    }
    if (e instanceof AccessDeniedException) {
      return HttpStatus.FORBIDDEN;
    }
    boolean retryable = e instanceof DatabaseException database && database.isRetryable();
    return retryable ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.INTERNAL_SERVER_ERROR;
  }
}
