package dev.dovetable.schema.internal.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What can differ: an object, or a property of one. The names are those that compare.sql tells, the
 * order is the one in which repairs must be made; those from {@link #SCHEMA_OWNER} on can be made
 * in any order.
 */
public enum ObjectKind {
  SCHEMA,
  TYPE,
  TABLE,
  TABLE_OWNER,
  ROW_SECURITY,
  FORCED_ROW_SECURITY,
  POLICY,
  TABLE_PRIVILEGE,
  SEQUENCE,
  COLUMN,
  DEFAULT(COLUMN),
  NOT_NULL(COLUMN),
  SEQUENCE_OF_COLUMN,
  SEQUENCE_OWNER,
  SEQUENCE_PRIVILEGE,
  CONSTRAINT,
  UNPROVEN_CONSTRAINT(CONSTRAINT),
  UNENFORCED_CONSTRAINT(CONSTRAINT),
  INDEX,
  UNUSABLE_INDEX(INDEX),
  FUNCTION,
  FUNCTION_OWNER,
  FUNCTION_PRIVILEGE,
  TRIGGER,
  DISABLED_TRIGGER(TRIGGER),
  RULE,
  SCHEMA_OWNER,
  SCHEMA_PRIVILEGE,
  COMMENT_ON_SCHEMA,
  COMMENT_ON_TYPE,
  COMMENT_ON_TABLE,
  COMMENT_ON_POLICY(POLICY),
  COMMENT_ON_SEQUENCE,
  COMMENT_ON_COLUMN(COLUMN),
  COMMENT_ON_CONSTRAINT(CONSTRAINT),
  COMMENT_ON_INDEX(INDEX),
  COMMENT_ON_FUNCTION,
  COMMENT_ON_TRIGGER(TRIGGER),
  COMMENT_ON_RULE(RULE);

  private static final Map<String, ObjectKind> BY_LABEL =
      Arrays.stream(values()).collect(Collectors.toMap(ObjectKind::toString, Function.identity()));

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', ' ');
  private final @Nullable ObjectKind whole;

  ObjectKind() {
    this.whole = null;
  }

  ObjectKind(ObjectKind whole) {
    this.whole = whole;
  }

  public static ObjectKind of(String label) {
    ObjectKind kind = BY_LABEL.get(label);
    if (kind == null) {
      throw new IllegalArgumentException("compare.sql tells of an unknown kind: " + label);
    }
    return kind;
  }

  /** What this is a property of, where both go by the same name: a default is its column's. */
  public Optional<ObjectKind> whole() {
    return Optional.ofNullable(whole);
  }

  public boolean isOwner() {
    return switch (this) {
      case SCHEMA_OWNER, TABLE_OWNER, SEQUENCE_OWNER, FUNCTION_OWNER -> true;
      default -> false;
    };
  }

  public boolean isPrivilege() {
    return switch (this) {
      case SCHEMA_PRIVILEGE, TABLE_PRIVILEGE, SEQUENCE_PRIVILEGE, FUNCTION_PRIVILEGE -> true;
      default -> false;
    };
  }

  public int repairRank() {
    return Math.min(ordinal(), SCHEMA_OWNER.ordinal());
  }

  /** The name, as compare.sql has it and findings print it. */
  @Override
  public String toString() {
    return label;
  }
}
