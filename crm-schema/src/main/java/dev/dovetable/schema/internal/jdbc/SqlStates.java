package dev.dovetable.schema.internal.jdbc;

/**
 * The SQLSTATEs that make a difference; everything is recognised by these and nothing else. Named
 * as PostgreSQL's list of error codes names them.
 */
public final class SqlStates {
  public static final String NO_DATA = "02000";
  public static final String FEATURE_NOT_SUPPORTED = "0A000";
  public static final String TEXT_TOO_LONG = "22001";
  public static final String NUMERIC_OVERFLOW = "22003";
  public static final String DATETIME_OVERFLOW = "22008";
  public static final String NOT_IN_ENCODING = "22021";
  public static final String INVALID_PARAMETER = "22023";
  public static final String SEQUENCE_USED_UP = "2200H";
  public static final String DIVISION_BY_ZERO = "22012";
  public static final String INVALID_TEXT = "22P02";
  public static final String NOT_NULL_VIOLATION = "23502";
  public static final String FOREIGN_KEY_VIOLATION = "23503";
  public static final String UNIQUE_VIOLATION = "23505";
  public static final String CHECK_VIOLATION = "23514";
  public static final String ACTIVE_TRANSACTION = "25001";
  public static final String READ_ONLY_TRANSACTION = "25006";
  public static final String IN_FAILED_TRANSACTION = "25P02";
  public static final String IDLE_IN_TRANSACTION_TIMEOUT = "25P03";
  public static final String TRANSACTION_TIMEOUT = "25P04";
  public static final String INVALID_STATEMENT_NAME = "26000";
  public static final String INVALID_CATALOG = "3D000";
  public static final String INVALID_SCHEMA = "3F000";
  public static final String SERIALIZATION_FAILURE = "40001";
  public static final String DEADLOCK = "40P01";
  public static final String INSUFFICIENT_PRIVILEGE = "42501";
  public static final String UNDEFINED_FUNCTION = "42883";
  public static final String UNDEFINED_TABLE = "42P01";
  public static final String OUT_OF_MEMORY = "53200";
  public static final String TOO_MANY_CONNECTIONS = "53300";
  public static final String PROGRAM_LIMIT = "54000";
  public static final String LOCK_NOT_AVAILABLE = "55P03";
  public static final String QUERY_CANCELED = "57014";
  public static final String ADMIN_SHUTDOWN = "57P01";
  public static final String CRASH_SHUTDOWN = "57P02";
  public static final String CANNOT_CONNECT_NOW = "57P03";
  public static final String DATABASE_DROPPED = "57P04";
  public static final String IDLE_SESSION_TIMEOUT = "57P05";
  public static final String RAISE_EXCEPTION = "P0001";

  /** By enter_agent() of our own schema. */
  public static final String UNKNOWN_AGENT = "WA001";

  /** By enter_agent() of our own schema. */
  public static final String AGENT_WITHOUT_USER = "WA002";

  /** By store_webhook() of our own schema. */
  public static final String NOT_READ_COMMITTED = "WA003";

  /** Raised where a conversation is assigned to whom the agent's rows aren't for. */
  public static final String NOT_A_COLLEAGUE = "WA004";

  /** By functions of the extension search. */
  public static final String NOT_SEARCHABLE = "WA005";

  /** By read_changes() of our own schema. */
  public static final String CHANGES_LOST = "WA007";

  /** By read_changes() of our own schema. */
  public static final String CHANGES_NOT_REGISTERED = "WA008";

  /** By take_changes() and restart_consumer() of our own schema. */
  public static final String TOO_MANY_CONSUMERS = "WA009";

  public static final String CLASS_WARNING = "01";
  public static final String CLASS_CONNECTION = "08";
  public static final String CLASS_DATA = "22";
  public static final String CLASS_SYNTAX = "42";
  public static final String CLASS_INTEGRITY = "23";
  public static final String CLASS_LOGIN = "28";

  private SqlStates() {}
}
