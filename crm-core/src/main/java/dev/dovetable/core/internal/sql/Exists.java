package dev.dovetable.core.internal.sql;

import org.jooq.Condition;
import org.jooq.Select;
import org.jooq.impl.DSL;

/**
 * EXISTS as a template: {@code DSL.exists} and {@code whereNotExists} take another type from jOOQ
 * 3.20 on, so that what is compiled with one finds no such method in the other.
 */
public final class Exists {

  private Exists() {}

  /** That the query has a row. */
  public static Condition in(Select<?> query) {
    return DSL.condition("exists ({0})", query);
  }

  /** That it has none. */
  public static Condition notIn(Select<?> query) {
    return DSL.condition("not exists ({0})", query);
  }
}
