package dev.dovetable.core.whatsapp;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.Prefixes;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Agents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * The business numbers of one agent, which may have as many as it needs. A number is one agent's,
 * active or paused, until it is given up: first come, first served. That of the configuration of
 * the agent's user is among them, and what is changed there is changed here, and the other way
 * round. For the agent's user, admins and the service unless a method says otherwise. Each method
 * is one round trip.
 *
 * <p>Immutable and thread-safe.
 */
public final class AgentNumbers {
  private static final Name ANSWER = DSL.name("answer");
  private static final NumberRows ROWS = new NumberRows(ANSWER);
  private static final Field<JSONB> NUMBER = ROWS.column("number", SQLDataType.JSONB);
  private static final Field<Boolean> SUCCESS = ROWS.column("success", SQLDataType.BOOLEAN);
  private static final Field<String> MESSAGE = ROWS.column("message", SQLDataType.VARCHAR);
  private static final Field<String> REASON = ROWS.column("reason", SQLDataType.VARCHAR);

  private final Session session;
  private final BaseTables base;
  private final String prefix;

  AgentNumbers(Session session, BaseTables base, String prefix) {
    this.session = session;
    this.base = base;
    this.prefix = prefix;
  }

  /**
   * All numbers, paused ones too, in the order of their ids. Members may read them as well.
   *
   * @return the numbers
   * @throws UnknownAgentException if there is no such agent
   * @throws AccessDeniedException if the actor may not
   */
  public List<AgentNumber> list() {
    Agents agents = base.agents();
    List<Record> rows =
        session
            .dsl()
            .select(ROWS.columns())
            .from(agents)
            .leftJoin(lateral(base.table("get_agent_numbers"), agents.ID))
            .on(DSL.trueCondition())
            .where(agents.AGENT_PREFIX.eq(prefix))
            .fetch(row -> row);
    if (rows.isEmpty()) {
      throw new UnknownAgentException(prefix, null);
    }
    return rows.stream()
        .filter(row -> row.get(ROWS.phoneNumberId) != null)
        .map(ROWS::number)
        .toList();
  }

  /**
   * Makes a number the agent's, beside those that it has. One that it has already stays as it is.
   *
   * @param phoneNumberId what bodies name their receiver by, 1 to 100 letters (A to Z), digits, _,
   *     - and .
   * @param details how people call it
   * @return the number
   * @throws UnknownAgentException if there is no such agent
   * @throws RefusedException if another agent has it ({@link
   *     RefusedException.Reason#PHONE_NUMBER_ID_TAKEN})
   * @throws InvalidDataException if the id is blank, too long or has other characters, and nothing
   *     was sent; or if the agent has 100 numbers, which is the most
   * @throws AccessDeniedException if the actor may not
   */
  public AgentNumber add(String phoneNumberId, NumberDetails details) {
    Texts.requireId(phoneNumberId, "phoneNumberId", NewWhatsAppConfig.MAX_ID_LENGTH);
    return ask("try_to_add_number", phoneNumberId, arguments(details));
  }

  /**
   * Changes what people call a number; what is empty stays.
   *
   * @param phoneNumberId the number
   * @param details what is to change
   * @return the number as it is now
   * @throws UnknownAgentException if there is no such agent
   * @throws NotFoundException if the agent has no such number
   * @throws AccessDeniedException if the actor may not
   */
  public AgentNumber rename(String phoneNumberId, NumberDetails details) {
    return update(phoneNumberId, details, null);
  }

  /**
   * Pauses a number: it stays the agent's, but what comes for it is kept by {@link
   * dev.dovetable.core.webhooks.Webhooks#unrouted} and nothing is sent through it. The
   * configuration stays active, whose secrets serve the other numbers as well.
   *
   * @param phoneNumberId the number
   * @return the number as it is now
   * @throws UnknownAgentException if there is no such agent
   * @throws NotFoundException if the agent has no such number
   * @throws AccessDeniedException if the actor may not
   */
  public AgentNumber pause(String phoneNumberId) {
    return update(phoneNumberId, NumberDetails.none(), false);
  }

  /**
   * Has a paused number work again.
   *
   * @param phoneNumberId the number
   * @return the number as it is now
   * @throws UnknownAgentException if there is no such agent
   * @throws NotFoundException if the agent has no such number
   * @throws AccessDeniedException if the actor may not
   */
  public AgentNumber resume(String phoneNumberId) {
    return update(phoneNumberId, NumberDetails.none(), true);
  }

  /**
   * Gives a number to another agent, with its details. What has come stays where it is, also what
   * {@link dev.dovetable.core.webhooks.Webhooks#unrouted} has kept. For admins and the service.
   *
   * @param phoneNumberId the number
   * @param newPrefix the other agent's prefix
   * @return the number as it is now
   * @throws UnknownAgentException if there is no such agent
   * @throws NotFoundException if the agent has no such number
   * @throws AccessDeniedException if the actor may not
   */
  public AgentNumber move(String phoneNumberId, String newPrefix) {
    Agents others = base.agents().as("others");
    return ask(
        "try_to_move_number",
        phoneNumberId,
        List.of(
            DSL.field(
                DSL.select(others.ID)
                    .from(others)
                    .where(others.AGENT_PREFIX.eq(Prefixes.require(newPrefix))))),
        newPrefix);
  }

  /**
   * Gives a number up, also in the configuration of the agent's user. Anybody may take it then.
   *
   * @param phoneNumberId the number
   * @return whether it was the agent's
   * @throws UnknownAgentException if there is no such agent
   * @throws AccessDeniedException if the actor may not
   */
  public boolean remove(String phoneNumberId) {
    return call(base.table("remove_agent_number"), phoneNumberId, List.of(), SUCCESS).get(SUCCESS);
  }

  private AgentNumber update(
      String phoneNumberId, NumberDetails details, @Nullable Boolean isActive) {
    List<Field<?>> arguments = arguments(details);
    arguments.add(DSL.val(isActive, SQLDataType.BOOLEAN));
    return ask("try_to_update_number", phoneNumberId, arguments);
  }

  private static List<Field<?>> arguments(NumberDetails details) {
    requireNonNull(details, "details");
    return new ArrayList<>(
        List.of(
            text(details.displayNumber()),
            text(details.businessAccountId()),
            text(details.label())));
  }

  private static Field<String> text(Optional<String> text) {
    return DSL.val(text.orElse(null), SQLDataType.CLOB);
  }

  private AgentNumber ask(String function, String phoneNumberId, List<Field<?>> arguments) {
    return ask(function, phoneNumberId, arguments, prefix);
  }

  private AgentNumber ask(
      String function, String phoneNumberId, List<Field<?>> arguments, String otherPrefix) {
    Record answer =
        call(base.internal(function), phoneNumberId, arguments, NUMBER, MESSAGE, REASON);
    JSONB number = answer.get(NUMBER);
    if (number != null) {
      return NumberRows.number(Json.read(number));
    }
    throw switch (String.valueOf(answer.get(REASON))) {
      case "taken_number" -> WhatsAppRefusals.takenNumber();
      case "unknown_number" -> new NotFoundException("number of agent " + prefix);
      case "unknown_agent" -> new UnknownAgentException(otherPrefix, null);
      // All else that the functions check has been checked before.
      default -> WhatsAppRefusals.invalid("number", answer.get(MESSAGE));
    };
  }

  private Record call(
      Name function, String phoneNumberId, List<Field<?>> more, SelectField<?>... fields) {
    Agents agents = base.agents();
    List<Field<?>> arguments = new ArrayList<>();
    arguments.add(agents.ID);
    arguments.add(DSL.val(Texts.require(phoneNumberId, "phoneNumberId")));
    arguments.addAll(more);
    return session
        .dsl()
        .select(fields)
        .from(agents)
        .crossJoin(lateral(function, arguments.toArray(Field<?>[]::new)))
        .where(agents.AGENT_PREFIX.eq(prefix))
        .fetchOptional()
        .orElseThrow(() -> new UnknownAgentException(prefix, null));
  }

  private static Table<?> lateral(Name function, Field<?>... arguments) {
    return DSL.lateral(DSL.table("{0}({1})", function, DSL.list(arguments)).as(ANSWER));
  }
}
