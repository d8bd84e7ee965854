package dev.dovetable.spring.web;

import dev.dovetable.schema.errors.CrmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers the library's exceptions as RFC 9457 has it. Callers are told the problem where it is
 * theirs, the log the cause where it is not. Last of all, so that the application's own advice
 * comes first. Immutable and thread-safe.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class CrmProblems {
  private static final Logger log = LoggerFactory.getLogger(CrmProblems.class);
  private static final int FIRST_OF_SERVER = 500;
  private static final String RETRY_AFTER_SECONDS = "1";

  @ExceptionHandler
  ResponseEntity<ProblemDetail> answer(CrmException e) {
    ProblemKind kind = ProblemKind.of(e);
    ProblemDetail problem = ProblemDetail.forStatus(kind.status());
    problem.setType(kind.type());
    problem.setTitle(kind.title());
    if (kind.status() < FIRST_OF_SERVER) {
      problem.setDetail(e.problem());
    } else {
      log.error("A request failed", e);
    }
    ResponseEntity.BodyBuilder response = ResponseEntity.status(kind.status());
    if (kind == ProblemKind.UNAVAILABLE) {
      response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return response.body(problem);
  }
}
