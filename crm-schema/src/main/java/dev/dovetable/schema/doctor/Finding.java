package dev.dovetable.schema.doctor;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Something that {@link CrmDoctor} found to be other than it should be. Immutable and thread-safe.
 * No text in it holds rows, phone numbers or keys.
 *
 * @param code what kind of thing it is
 * @param severity how bad it is
 * @param prefix the agent that it is about; empty for the installation
 * @param object the table, function or other object, by its name in the database
 * @param problem what was expected and what was found, as one sentence
 * @param remedy what to do, as one sentence
 * @param repair the statements that {@link CrmDoctor#repair} would run, in order, names in full;
 *     empty if a human has to decide, because data would be touched
 */
public record Finding(
    Code code,
    Severity severity,
    Optional<String> prefix,
    String object,
    String problem,
    String remedy,
    List<String> repair) {

  /** How bad a finding is. */
  public enum Severity {
    /** Data is exposed, wrong or lost, or statements fail. */
    ERROR,
    /** It works now, but something is missing or will go wrong. */
    WARNING,
    /** Nothing is wrong; somebody may want to know. */
    INFO
  }

  /**
   * What kind of thing was found. The names are stable: they are printed and compared. New ones may
   * be added.
   */
  public enum Code {
    /** An agent misses versions of extensions; only what its ledger claims was compared. */
    OUTDATED,
    /** A ledger claims what the catalogue lacks, or has entries that can't be right. */
    LEDGER,
    /** There is an agents row and not one of its tables. */
    AGENT_WITHOUT_TABLES,
    /** A table is missing, or is of another kind. */
    TABLE,
    /** A column is missing, or has another type, default or nullability. */
    COLUMN,
    /** A constraint is missing, differs, isn't proven for older rows, or isn't enforced. */
    CONSTRAINT,
    /** An index is missing, differs, or is unusable after a build that failed. */
    INDEX,
    /** A trigger is missing, differs, or is disabled. */
    TRIGGER,
    /** A policy is missing, differs, or lets more through. */
    POLICY,
    /** Row level security is off, or is forced on the owner, too. */
    ROW_SECURITY,
    /** Somebody may do more or less than a fresh installation grants. */
    PRIVILEGE,
    /** An object belongs to another role than the others. */
    OWNER,
    /** A sequence is missing, differs, or is detached from its column. */
    SEQUENCE,
    /** A comment is missing or differs. */
    COMMENT,
    /**
     * Something that no fresh agent or installation has: a column, index, constraint, table …; a
     * table that one of the library's inherits from, or that inherits from it; or an operator,
     * function or cast that functions would take for PostgreSQL's own or the library's.
     */
    EXTRA_OBJECT,
    /** A table was made for an agent that is gone. */
    ORPHANED_TABLE,
    /** A sequence was made for an agent that is gone. */
    ORPHANED_SEQUENCE,
    /** An extension has made a function for an agent that is gone. */
    ORPHANED_FUNCTION,
    /** A table of an extension would have no row level security, or no policy, for any agent. */
    UNPROTECTED_EXTENSION,
    /** No agent can be made any more, so none could be compared. */
    AGENT_CREATION,
    /** A function of the installation, or of its schema auth, is missing or is another one. */
    FUNCTION,
    /** A type or schema of the installation is missing or is another one. */
    TYPE,
    /**
     * A user's WhatsApp configuration names a phone_number_id that isn't the user's agent's, so its
     * callbacks go elsewhere or nowhere.
     */
    NUMBER_ELSEWHERE,
    /**
     * A role that sign-ins act as passes row level security, a role is missing, or the
     * application's login is no member of those that it acts as.
     */
    ROLE,
    /** An account in auth.users has no row in users, or rows have no account. */
    ACCOUNT,
    /**
     * A table of the application's own is open to everybody, or a view of its own shows users rows
     * past the policies.
     */
    HOST_TABLE,
    /**
     * The database's locale knows no capitals beyond ASCII, and the server has no ICU, so that the
     * extension search tells them from small letters.
     */
    LOCALE,
    /** An order's total is not the sum of its items. */
    ORDER_TOTAL,
    /**
     * The state of an agent's conversations is not what their messages make of it. Repaired by
     * computing it anew, which changes nothing that people have set.
     */
    CONVERSATION_STATE,
    /**
     * A sequence goes on with an id that a row has, or one below it, so that inserts fail. Repaired
     * by setting it behind the greatest id.
     */
    SEQUENCE_BEHIND,
    /** A sequence is more than a million ahead of the greatest id of its table. */
    SEQUENCE_AHEAD,
    /** A server setting allows fewer locks than deleting an agent or a dump needs. */
    CAPACITY_LOCKS,
    /** A connection that touches every agent will hold a lot of memory. */
    CAPACITY_MEMORY,
    /** More than 80 % of the ids that a column can have are used up. */
    CAPACITY_IDS,
    /**
     * More than 10000 callbacks are kept that led nowhere: nobody mends, replays or purges them.
     */
    WEBHOOKS_KEPT,
    /**
     * The ring of the change feed lacks a part, is of another cluster, or is turned by nobody and
     * grows.
     */
    CHANGE_RING,
    /** Something could not be looked at. */
    NOT_EXAMINED
  }

  /**
   * Checks that nothing is null and copies the list.
   *
   * @param code what kind of thing it is
   * @param severity how bad it is
   * @param prefix the agent
   * @param object the object's name
   * @param problem what was expected and found
   * @param remedy what to do
   * @param repair the statements
   */
  public Finding {
    requireNonNull(code, "code");
    requireNonNull(severity, "severity");
    requireNonNull(prefix, "prefix");
    requireNonNull(object, "object");
    requireNonNull(problem, "problem");
    requireNonNull(remedy, "remedy");
    repair = List.copyOf(repair);
  }

  /**
   * Whether {@link CrmDoctor#repair} would do something about it.
   *
   * @return true if there are statements
   */
  public boolean isRepairable() {
    return !repair.isEmpty();
  }
}
