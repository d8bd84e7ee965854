package dev.dovetable.schema.doctor;

/**
 * Which orders' totals {@link CrmDoctor} compares with the sums of their items, and which
 * conversations of an inbox with their messages.
 */
public enum OrderTotals {
  /** None. */
  NONE,
  /** The 20 newest of each agent. */
  SAMPLED,
  /** All. That reads every order and item; an agent that is read can't be deleted meanwhile. */
  FULL
}
