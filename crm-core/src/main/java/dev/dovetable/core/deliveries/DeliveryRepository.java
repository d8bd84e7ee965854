package dev.dovetable.core.deliveries;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Exists;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.internal.sql.WebhooksRequired;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.jooq.tables.WhatsappDeliveries;
import dev.dovetable.core.jooq.tables.records.MessagesRecord;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageInsert;
import dev.dovetable.core.messages.MessageMapper;
import dev.dovetable.core.messages.NewMessage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.Record1;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;

/**
 * WhatsApp's side of an agent's messages: its ids for them, what became of those that were sent,
 * and the details of those that were received. In the tables of {@link
 * dev.dovetable.core.webhooks.Webhooks#extension()}; without them, every method throws {@link
 * RefusedException}. Round trips are those of one statement ({@link dev.dovetable.core.Crm}) unless
 * a method says otherwise.
 *
 * <p>Immutable and thread-safe.
 */
public final class DeliveryRepository {
  private final Session session;
  private final AgentIdentity identity;
  private final Messages messages;
  private final WhatsappDeliveries deliveries;
  private final DeliveryLists lists;

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
    this.deliveries =
        WhatsappDeliveries.WHATSAPP_DELIVERIES.rename(
            identity.table(WhatsappDeliveries.WHATSAPP_DELIVERIES.getName()));
    this.lists = new DeliveryLists(session, identity);
  }

  /**
   * Records a message that was handed to WhatsApp, with the id that WhatsApp gave it, so that its
   * statuses find it, also those that have come already, and with the actor as who sent it. If a
   * message with this id is there, it is given back as it is; that takes a second round trip.
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
                DSL.insertInto(
                        deliveries,
                        deliveries.PROVIDER_ID,
                        deliveries.MESSAGE_ID,
                        deliveries.SENT_BY)
                    .select(
                        DSL.select(DSL.val(providerId), made.ID, DeliveryLists.sender(made))
                            .from(recorded))
                    .returningResult(deliveries.MESSAGE_ID));
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
    return DSL.selectOne().from(deliveries).where(deliveries.PROVIDER_ID.eq(providerId));
  }

  /**
   * Tells WhatsApp's id of a message that was recorded before it was known, with the actor as who
   * sent it. Telling it again changes nothing.
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
                DSL.insertInto(
                        deliveries,
                        deliveries.PROVIDER_ID,
                        deliveries.MESSAGE_ID,
                        deliveries.SENT_BY)
                    .select(
                        DSL.select(DSL.val(providerId), messages.ID, DeliveryLists.sender(messages))
                            .from(messages)
                            .where(messages.ID.eq(messageId)))
                    .onConflictDoNothing()
                    .returningResult(deliveries.MESSAGE_ID));
    Condition isThere = Exists.in(DSL.selectOne().from(messages).where(messages.ID.eq(messageId)));
    Condition isLinked =
        Exists.in(DSL.selectFrom(linked))
            .or(Exists.in(deliveryOf(providerId).and(deliveries.MESSAGE_ID.eq(messageId))));
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
    return Optional.ofNullable(find(List.of(messageId)).get(messageId));
  }

  /**
   * What became of several messages, in one statement.
   *
   * @param messageIds the messages' ids, at most 1000
   * @return what {@link #find(int)} gives, by the message's id; nothing for those for which that is
   *     empty
   * @throws InvalidDataException if there are too many
   */
  public Map<Integer, Delivery> find(Collection<Integer> messageIds) {
    return prepared(() -> lists.find(messageIds));
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
                .on(deliveries.MESSAGE_ID.eq(messages.ID))
                .where(deliveries.PROVIDER_ID.eq(providerId))
                .fetchOptional(row -> MessageMapper.message(row, messages)));
  }

  /**
   * What is behind a received message.
   *
   * @param messageId the message's id
   * @return the details; empty if no webhook brought the message, or there is none
   */
  public Optional<MessageDetails> details(int messageId) {
    return Optional.ofNullable(details(List.of(messageId)).get(messageId));
  }

  /**
   * What is behind several received messages, in one statement.
   *
   * @param messageIds the messages' ids, at most 1000
   * @return what {@link #details(int)} gives, by the message's id; nothing for those for which that
   *     is empty
   * @throws InvalidDataException if there are too many
   */
  public Map<Integer, MessageDetails> details(Collection<Integer> messageIds) {
    return prepared(() -> lists.details(messageIds));
  }

  /**
   * {@return a part of a conversation, newest first, with all that a screen shows of it, in one
   * statement} The list is that of {@link dev.dovetable.core.messages.MessageRepository#timeline},
   * and takes its cursors and {@link dev.dovetable.core.messages.MessageRepository#placeOf}, but
   * reactions, edits and revocations are no messages here: they are in the {@link Delivery} of the
   * one that they concern. Where that one isn't there, or they change nothing of it, they are
   * messages still, so that nothing is lost.
   *
   * <p>The cost depends neither on how many messages there are nor on where the page begins; only
   * what is folded is passed over one by one.
   *
   * @param customerId the customer's id
   * @param page which part
   */
  public Page<TimelineMessage> timeline(int customerId, PageRequest page) {
    return prepared(() -> lists.timeline(customerId, false, page));
  }

  /**
   * {@return a part of the conversation, oldest first; see {@link #timeline}}
   *
   * @param customerId the customer's id
   * @param page which part
   */
  public Page<TimelineMessage> timelineOldestFirst(int customerId, PageRequest page) {
    return prepared(() -> lists.timeline(customerId, true, page));
  }

  /**
   * {@return through which number an answer goes: the one that the customer wrote to last, as long
   * as it is the agent's and active; else that of its user's configuration; else the first active
   * one; empty if there is none}
   *
   * @param customerId the customer's id
   * @throws AccessDeniedException if the actor may not read the agent's messages
   */
  public Optional<String> numberForAnswer(int customerId) {
    return prepared(() -> lists.numberForAnswer(customerId));
  }

  private <T> T prepared(Supplier<T> work) {
    return WebhooksRequired.run(identity, work);
  }
}
