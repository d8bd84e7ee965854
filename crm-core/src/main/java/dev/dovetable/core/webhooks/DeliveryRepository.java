package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Exists;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.jooq.tables.records.MessagesRecord;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageInsert;
import dev.dovetable.core.messages.MessageMapper;
import dev.dovetable.core.messages.NewMessage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.SelectConditionStep;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * WhatsApp's side of an agent's messages: its ids for them, what became of those that were sent,
 * and the details of those that were received. In the tables of {@link Webhooks#extension()};
 * without them, every method throws {@link RefusedException}. Round trips are those of one
 * statement ({@link dev.dovetable.core.Crm}) unless a method says otherwise.
 *
 * <p>Immutable and thread-safe.
 */
public final class DeliveryRepository {
  private static final Field<String> PROVIDER_ID =
      WebhookTables.column("provider_id", String.class);
  private static final Field<Integer> MESSAGE_ID =
      WebhookTables.column("message_id", Integer.class);
  private static final Field<String> KIND = WebhookTables.column("kind", String.class);
  private static final Field<String> REPLY_TO = WebhookTables.column("reply_to", String.class);
  private static final Field<String> CONCERNS = WebhookTables.column("concerns", String.class);
  private static final Field<String> MEDIA_ID = WebhookTables.column("media_id", String.class);
  private static final Field<String> MIME_TYPE = WebhookTables.column("mime_type", String.class);
  private static final Field<String> CAPTION = WebhookTables.column("caption", String.class);
  private static final Field<String> FILE_NAME = WebhookTables.column("file_name", String.class);
  private static final Field<String> SHA256 = WebhookTables.column("sha256", String.class);
  private static final Field<BigDecimal> LATITUDE =
      WebhookTables.column("latitude", BigDecimal.class);
  private static final Field<BigDecimal> LONGITUDE =
      WebhookTables.column("longitude", BigDecimal.class);
  private static final Field<JSONB> PAYLOAD = WebhookTables.column("payload", JSONB.class);

  private static final Field<String> PHONE_NUMBER_ID =
      WebhookTables.column("phone_number_id", String.class);
  private static final Field<String> PARTICIPANT_PHONE =
      WebhookTables.column("participant_phone", String.class);
  private static final Field<String> PARTICIPANT_USER_ID =
      WebhookTables.column("participant_user_id", String.class);
  private static final Field<String> PARTICIPANT_NAME =
      WebhookTables.column("participant_name", String.class);
  private static final QueryTemplate<JSONB> FIND =
      QueryTemplate.ofFile("webhooks/find_delivery.sql", DSL.field(DSL.name("found"), JSONB.class));

  private final Session session;
  private final AgentIdentity identity;
  private final Messages messages;
  private final Table<Record> deliveries;

  /**
   * Internal: {@link dev.dovetable.core.TenantScope#deliveries()} makes it.
   *
   * @param session runs the statements
   * @param identity the agent
   * @param messages the agent's own
   */
  public DeliveryRepository(Session session, AgentIdentity identity, Messages messages) {
    this.session = session;
    this.identity = identity;
    this.messages = messages;
    this.deliveries = WebhookTables.of(identity, "whatsapp_deliveries");
  }

  /**
   * Records a message that was handed to WhatsApp, with the id that WhatsApp gave it, so that its
   * statuses find it, also those that have come already. If a message with this id is there, it is
   * given back as it is; that takes a second round trip.
   *
   * @param message the message, as a rule {@link NewMessage#outbound}
   * @param providerId WhatsApp's id: the {@code wamid} in the answer to the send call
   * @return the message with id and time
   * @throws NotFoundException if there is no such customer, or the message with this id was deleted
   * @throws InvalidDataException if the id is blank
   */
  public Message record(NewMessage message, String providerId) {
    requireNonNull(message, "message");
    Texts.requireFilled(providerId, "providerId");
    return prepared(
        () ->
            insert(message, providerId)
                .or(() -> findMessage(providerId))
                .orElseThrow(
                    () ->
                        new NotFoundException(
                            "message of that provider's id, for agent " + identity.prefix())));
  }

  private Optional<Message> insert(NewMessage message, String providerId) {
    MessageInsert rows = new MessageInsert(messages);
    Messages made = messages.as("made");
    CommonTableExpression<MessagesRecord> recorded =
        DSL.name("made")
            .as(
                rows.insert(
                        DSL.select(rows.values())
                            .from(MessageInsert.of(List.of(message)))
                            .where(Exists.notIn(deliveryOf(providerId))))
                    .returning());
    CommonTableExpression<Record1<Integer>> linked =
        DSL.name("linked")
            .as(
                DSL.insertInto(deliveries, PROVIDER_ID, MESSAGE_ID)
                    .select(DSL.select(DSL.val(providerId), made.ID).from(recorded))
                    .returningResult(MESSAGE_ID));
    try {
      return session
          .dsl()
          .with(recorded)
          .with(linked)
          .select(made.fields())
          .from(recorded)
          .fetchOptional(row -> MessageMapper.message(row, made));
    } catch (InvalidDataException e) {
      throw e.kind() == InvalidDataException.Kind.FOREIGN_KEY
          ? identity.notFound("customer " + message.customerId())
          : e;
    }
  }

  private SelectConditionStep<Record1<Integer>> deliveryOf(String providerId) {
    return DSL.selectOne().from(deliveries).where(PROVIDER_ID.eq(providerId));
  }

  /**
   * Tells WhatsApp's id of a message that was recorded before it was known. Telling it again
   * changes nothing.
   *
   * @param messageId the message's id
   * @param providerId WhatsApp's id: the {@code wamid} in the answer to the send call
   * @throws NotFoundException if there is no such message
   * @throws InvalidDataException if the message has another id, or another message has this one
   *     ({@link InvalidDataException.Kind#NOT_UNIQUE}), or the id is blank
   */
  public void link(int messageId, String providerId) {
    Texts.requireFilled(providerId, "providerId");
    CommonTableExpression<Record1<Integer>> linked =
        DSL.name("linked")
            .as(
                DSL.insertInto(deliveries, PROVIDER_ID, MESSAGE_ID)
                    .select(
                        DSL.select(DSL.val(providerId), messages.ID)
                            .from(messages)
                            .where(messages.ID.eq(messageId)))
                    .onConflictDoNothing()
                    .returningResult(MESSAGE_ID));
    Condition isThere = Exists.in(DSL.selectOne().from(messages).where(messages.ID.eq(messageId)));
    Condition isLinked =
        Exists.in(DSL.selectFrom(linked))
            .or(Exists.in(deliveryOf(providerId).and(MESSAGE_ID.eq(messageId))));
    prepared(
        () ->
            session
                .dsl()
                .with(linked)
                .select(DSL.field(isThere), DSL.field(isLinked))
                .fetchSingle(
                    found -> {
                      if (!found.value1()) {
                        throw identity.notFound("message " + messageId);
                      }
                      if (!found.value2()) {
                        throw new InvalidDataException(
                            InvalidDataException.Kind.NOT_UNIQUE,
                            "Message "
                                + messageId
                                + " of agent "
                                + identity.prefix()
                                + " has another provider's id, or another message has this one.",
                            "Link each message once, with the id that its own send call gave.");
                      }
                      return messageId;
                    }));
  }

  /**
   * What became of a message.
   *
   * @param messageId the message's id
   * @return WhatsApp's id of it, what statuses have told, and what edits, revocations and reactions
   *     made of it, in the order in which they were sent; empty if WhatsApp's id isn't known
   */
  public Optional<Delivery> find(int messageId) {
    return prepared(
        () ->
            FIND.fetch(session.dsl(), identity, Map.of("id", DSL.val(messageId))).stream()
                .findFirst()
                .map(DeliveryReader::of));
  }

  /**
   * {@return the message that has an id of WhatsApp's; empty if there is none or it was deleted}
   *
   * @param providerId WhatsApp's id, such as {@link MessageDetails#repliesTo()}
   */
  public Optional<Message> findMessage(String providerId) {
    Texts.require(providerId, "providerId");
    return prepared(
        () ->
            session
                .dsl()
                .select(messages.fields())
                .from(messages)
                .join(deliveries)
                .on(MESSAGE_ID.eq(messages.ID))
                .where(PROVIDER_ID.eq(providerId))
                .fetchOptional(row -> MessageMapper.message(row, messages)));
  }

  /**
   * What is behind a received message.
   *
   * @param messageId the message's id
   * @return the details; empty if no webhook brought the message, or there is none
   */
  public Optional<MessageDetails> details(int messageId) {
    // Named one by one: from an asterisk, jOOQ would have the driver ask the server for their
    // types.
    return prepared(
        () ->
            session
                .dsl()
                .select(KIND, REPLY_TO, CONCERNS, MEDIA_ID, MIME_TYPE, CAPTION, FILE_NAME, SHA256)
                .select(LATITUDE, LONGITUDE, PAYLOAD, PHONE_NUMBER_ID)
                .select(PARTICIPANT_PHONE, PARTICIPANT_USER_ID, PARTICIPANT_NAME)
                .from(deliveries)
                .where(MESSAGE_ID.eq(messageId).and(KIND.isNotNull()))
                .fetchOptional(
                    row ->
                        new MessageDetails(
                            row.get(KIND),
                            Optional.ofNullable(row.get(REPLY_TO)),
                            Optional.ofNullable(row.get(CONCERNS)),
                            Optional.ofNullable(row.get(MEDIA_ID)),
                            Optional.ofNullable(row.get(MIME_TYPE)),
                            Optional.ofNullable(row.get(CAPTION)),
                            Optional.ofNullable(row.get(FILE_NAME)),
                            Optional.ofNullable(row.get(SHA256)),
                            Optional.ofNullable(row.get(LATITUDE)),
                            Optional.ofNullable(row.get(LONGITUDE)),
                            row.get(PAYLOAD).data(),
                            Optional.ofNullable(row.get(PHONE_NUMBER_ID)),
                            MessageDetails.Participant.of(
                                Optional.ofNullable(row.get(PARTICIPANT_PHONE)),
                                Optional.ofNullable(row.get(PARTICIPANT_USER_ID)),
                                Optional.ofNullable(row.get(PARTICIPANT_NAME))))));
  }

  /** The server's words about a missing table would say too little. */
  private <T> T prepared(Supplier<T> work) {
    try {
      return work.get();
    } catch (DatabaseException e) {
      if (e.kind() == DatabaseException.Kind.NOT_INSTALLED) {
        throw WebhookTables.missing(identity, e);
      }
      throw e;
    }
  }
}
