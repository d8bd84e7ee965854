package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.SQLException;

/** Which value was refused: SQLSTATEs of the classes 22 and 23, for {@link SqlErrors}. */
final class ValueErrors {

  private ValueErrors() {}

  static InvalidDataException translate(
      String state, String subject, String because, SQLException cause) {
    String problem = "A value was refused in a statement for " + subject;
    return switch (state) {
      case SqlStates.CHECK_VIOLATION ->
          invalid(
              InvalidDataException.Kind.CHECK_VIOLATED,
              problem + because + ".",
              "Pass a value that fulfils the constraint.",
              cause);
      case SqlStates.NOT_NULL_VIOLATION ->
          invalid(
              InvalidDataException.Kind.MISSING,
              problem + because + ".",
              "Pass a value; null is not allowed there.",
              cause);
      case SqlStates.FOREIGN_KEY_VIOLATION ->
          invalid(
              InvalidDataException.Kind.FOREIGN_KEY,
              problem + because + ".",
              "Pass the id of a row that exists; or delete first what refers to the row.",
              cause);
      case SqlStates.UNIQUE_VIOLATION ->
          invalid(
              InvalidDataException.Kind.NOT_UNIQUE,
              problem + because + ".",
              "Pass another value, or change the row that has it.",
              cause);
      case SqlStates.NUMERIC_OVERFLOW ->
          invalid(
              InvalidDataException.Kind.NUMERIC_OVERFLOW,
              "A number is too large for its column or type in a statement for " + subject + ".",
              "Prices, item totals and order totals go up to 99999999.99: split the order. A column"
                  + " of your own holds what its type says.",
              cause);
      case SqlStates.TEXT_TOO_LONG ->
          invalid(
              InvalidDataException.Kind.TOO_LONG,
              problem + ": the text is longer than its column.",
              "Shorten it.",
              cause);
      case SqlStates.NOT_IN_ENCODING ->
          invalid(
              InvalidDataException.Kind.NOT_TEXT,
              problem + ": the text holds a character that the database can't store.",
              "Remove NUL characters; use a database with the encoding UTF8.",
              cause);
      case SqlStates.DATETIME_OVERFLOW ->
          invalid(
              InvalidDataException.Kind.OUT_OF_BOUNDS,
              problem + ": a time is out of PostgreSQL's range.",
              "Pass a time between 4713 BC and 294276 AD.",
              cause);
      default ->
          state.startsWith(SqlStates.CLASS_DATA)
              ? invalid(
                  InvalidDataException.Kind.OUT_OF_BOUNDS,
                  problem + " (SQLSTATE " + state + ").",
                  remedy(state),
                  cause)
              : invalid(
                  InvalidDataException.Kind.INTEGRITY,
                  problem + because + ".",
                  "Pass values that fulfil the constraint.",
                  cause);
    };
  }

  private static String remedy(String state) {
    return switch (state) {
      case SqlStates.INVALID_TEXT ->
          "A text is to become a number, a time, a UUID or the like, and isn't one: pass a value of"
              + " the type itself.";
      case SqlStates.DIVISION_BY_ZERO -> "It divides by zero: put nullif(…, 0) around the divisor.";
      default ->
          "PostgreSQL's list of error codes says what it means; the server's words are left out,"
              + " because they may quote the value.";
    };
  }

  private static InvalidDataException invalid(
      InvalidDataException.Kind kind, String problem, String remedy, SQLException cause) {
    return new InvalidDataException(kind, problem, remedy, cause);
  }
}
