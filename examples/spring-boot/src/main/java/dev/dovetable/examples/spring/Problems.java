package dev.dovetable.examples.spring;

import java.util.NoSuchElementException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What this application's own exceptions mean to a client; the starter does it for the CRM's. */
@RestControllerAdvice
class Problems {

  @ExceptionHandler
  ProblemDetail missing(NoSuchElementException e) {
    return ProblemDetail.forStatus(HttpStatus.NOT_FOUND);
  }

  /** From this application's own tables. */
  @ExceptionHandler
  ProblemDetail refused(DataIntegrityViolationException e) {
    return ProblemDetail.forStatus(HttpStatus.CONFLICT);
  }
}
