package dev.dovetable.core.messages;

import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.CustomerRepository;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.jooq.TenantTables;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An agent's messages: {@code {prefix}_messages} in the specification. Times are exact to the
 * microsecond; finer fractions are cut off. Round trips are those of one statement ({@link
 * dev.dovetable.core.Crm}) unless a method says otherwise.
 *
 * <p>{@link InvalidDataException} is thrown for text that holds NUL or half of a surrogate pair,
 * for times out of PostgreSQL's range, and for a cursor of another list; empty text is fine. A list
 * holds the newest message first, and of those with the same time the one recorded last; messages
 * whose time somebody has set to null are in none. A customer who doesn't exist has no messages.
 *
 * <p>Immutable and thread-safe.
 */
public final class MessageRepository {
  private final Timelines lists;
  private final MessageRecorder recorder;

  /**
   * Internal: {@link dev.dovetable.core.TenantScope#messages()} makes it.
   *
   * @param session runs the statements
   * @param identity the agent
   * @param tables the agent's own
   */
  public MessageRepository(Session session, AgentIdentity identity, TenantTables tables) {
    this.lists = new Timelines(session, identity, tables.messages());
    this.recorder = new MessageRecorder(session, identity, tables);
  }

  /**
   * {@return the message with id and time} Records a message from a customer, as of now: the start
   * of the transaction on the server.
   *
   * @param customerId the customer's id
   * @param text the content
   * @throws NotFoundException if there is no such customer
   */
  public Message recordInbound(int customerId, String text) {
    return recorder.one(NewMessage.inbound(customerId, text));
  }

  /**
   * {@return the message with its id} Records a message from a customer.
   *
   * @param customerId the customer's id
   * @param text the content
   * @param timestamp when it was sent
   * @throws NotFoundException if there is no such customer
   */
  public Message recordInbound(int customerId, String text, Instant timestamp) {
    return recorder.one(NewMessage.inbound(customerId, text).at(timestamp));
  }

  /**
   * {@return the message with its id; {@link Message#customerId()} tells the customer} Records a
   * message from whoever has a phone number; a new number makes a new customer, as in {@link
   * CustomerRepository#findOrCreateByPhone}. One round trip for a known customer, else two.
   *
   * @param phone the phone number, compared as it is given
   * @param name the name of a new customer
   * @param text the content
   * @param timestamp when it was sent
   * @throws InvalidDataException if phone or name is blank
   */
  public Message recordInboundFrom(String phone, String name, String text, Instant timestamp) {
    return recorder.byPhone(
        new NewCustomer(name, phone), text, MessageDirection.INBOUND, timestamp);
  }

  /**
   * {@return the message with id and time} Records a message to a customer, as of now, like {@link
   * #recordInbound(int, String)}.
   *
   * @param customerId the customer's id
   * @param text the content
   * @throws NotFoundException if there is no such customer
   */
  public Message recordOutbound(int customerId, String text) {
    return recorder.one(NewMessage.outbound(customerId, text));
  }

  /**
   * {@return the message with its id} Records a message to a customer.
   *
   * @param customerId the customer's id
   * @param text the content
   * @param timestamp when it was sent
   * @throws NotFoundException if there is no such customer
   */
  public Message recordOutbound(int customerId, String text, Instant timestamp) {
    return recorder.one(NewMessage.outbound(customerId, text).at(timestamp));
  }

  /**
   * {@return the message with its id; {@link Message#customerId()} tells the customer} Records a
   * message to whoever has a phone number; see {@link #recordInboundFrom}.
   *
   * @param phone the phone number, compared as it is given
   * @param name the name of a new customer
   * @param text the content
   * @param timestamp when it was sent
   * @throws InvalidDataException if phone or name is blank
   */
  public Message recordOutboundTo(String phone, String name, String text, Instant timestamp) {
    return recorder.byPhone(
        new NewCustomer(name, phone), text, MessageDirection.OUTBOUND, timestamp);
  }

  /**
   * {@return the messages with ids and times, in the same order} Records messages of any customers,
   * all or none, in one statement. {@link #importAll} is for more than a thousand.
   *
   * @param messages the messages, at most 1000
   * @throws NotFoundException if one of the customers doesn't exist; it names the message's index
   * @throws InvalidDataException if there are too many
   */
  public List<Message> recordAll(List<NewMessage> messages) {
    return recorder.many(messages);
  }

  /**
   * {@return how many there were} Makes messages in one transaction, all or none, with constant
   * memory, like {@link CustomerRepository#importAll}; in one round trip less.
   *
   * @param messages the messages
   * @throws InvalidDataException if the database refuses one; {@link InvalidDataException#row()}
   *     tells which: a customer who doesn't exist is one too
   */
  public long importAll(Iterator<NewMessage> messages) {
    return recorder.importAll(messages);
  }

  /**
   * {@return a message; empty if there is none or the actor can't see it}
   *
   * @param id the message's id
   */
  public Optional<Message> find(int id) {
    return lists.find(id);
  }

  /**
   * {@return a part of a customer's timeline, by the times at which messages were sent, not by
   * their arrival} What comes late, or out of imported history, stands where it belongs. The cost
   * doesn't depend on how many there are.
   *
   * @param customerId the customer's id
   * @param page which part
   */
  public Page<Message> timeline(int customerId, PageRequest page) {
    return lists.timeline(customerId, page);
  }

  /**
   * {@return a part of the timeline, oldest first} Its cursors and those of {@link #timeline} are
   * places in the same list. Whoever asks time and again for what is behind the last one seen
   * misses what comes late, which {@link dev.dovetable.core.webhooks.WebhookReport} tells.
   *
   * @param customerId the customer's id
   * @param page which part
   */
  public Page<Message> timelineOldestFirst(int customerId, PageRequest page) {
    return lists.timelineOldestFirst(customerId, page);
  }

  /**
   * {@return where a message stands in its customer's timeline} From there it goes on in either
   * direction; with {@link #timelineOldestFirst}, to what is newer. No round trip.
   *
   * @param message a message
   */
  public Cursor placeOf(Message message) {
    return lists.placeOf(message);
  }

  /**
   * {@return a customer's newest messages, the newest last; fewer if there are no more}
   *
   * @param customerId the customer's id
   * @param count how many, from 1 to 1000
   * @throws InvalidDataException if the count is out of its bounds
   */
  public List<Message> latest(int customerId, int count) {
    return lists.latest(customerId, PageRequest.first(count));
  }

  /**
   * {@return a part of a customer's messages of a span of time} Takes the cursors of {@link
   * #timeline}.
   *
   * @param customerId the customer's id
   * @param from the earliest time
   * @param to the end of the span, which is no part of it
   * @param page which part
   */
  public Page<Message> timelineBetween(int customerId, Instant from, Instant to, PageRequest page) {
    return lists.timelineBetween(customerId, from, to, page);
  }

  /**
   * {@return a part of all messages of a span of time} Takes the cursors of {@link #list}.
   *
   * @param from the earliest time
   * @param to the end of the span, which is no part of it
   * @param page which part
   */
  public Page<Message> listBetween(Instant from, Instant to, PageRequest page) {
    return lists.between(from, to, page);
  }

  /**
   * {@return a part of the messages that have all words of a search, newest first} Whatever case,
   * accents and width; the last word may be a beginning. Needs {@link MessageSearch#extension()}.
   *
   * @param text the words, of which the first eight count
   * @param where among which messages
   * @param page which part
   */
  public Page<FoundMessage> search(String text, MessageSearch where, PageRequest page) {
    return lists.search(text, where, page);
  }

  /** {@return how many messages there are; the cost grows with their number} */
  public long count() {
    return lists.count();
  }

  /**
   * {@return how many messages a customer sent and got}
   *
   * @param customerId the customer's id
   */
  public long count(int customerId) {
    return lists.count(customerId);
  }

  /**
   * {@return a part of all messages}
   *
   * @param page which part
   */
  public Page<Message> list(PageRequest page) {
    return lists.all(page);
  }

  /**
   * {@return the messages, to be closed} All messages in the order in which they were recorded, for
   * an export. Read in portions of 500 from one statement, as of one moment. Holds a connection:
   * use try-with-resources. In the host's transactions, all rows are held at once.
   */
  public Stream<Message> stream() {
    return lists.stream();
  }

  /**
   * {@return a customer's messages, oldest first, to be closed; otherwise like {@link #stream()}}
   *
   * @param customerId the customer's id
   */
  public Stream<Message> stream(int customerId) {
    return lists.stream(customerId);
  }

  /**
   * {@return the message as it is now} Replaces the content.
   *
   * @param id the message's id
   * @param text the new content
   * @throws NotFoundException if there is no such message
   */
  public Message edit(int id, String text) {
    return recorder.edit(id, text);
  }

  /**
   * {@return whether there was one} Deletes a message.
   *
   * @param id the message's id
   */
  public boolean delete(int id) {
    return recorder.delete(id);
  }
}
