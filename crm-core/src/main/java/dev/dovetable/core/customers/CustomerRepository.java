package dev.dovetable.core.customers;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.records.CustomersRecord;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.Records;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/**
 * An agent's customers: {@code {prefix}_customers} in the specification. Round trips are those of
 * one statement ({@link dev.dovetable.core.Crm}) unless a method says otherwise.
 *
 * <p>Immutable and thread-safe.
 */
public final class CustomerRepository {
  private static final int FETCH_SIZE = 500;

  private static final Customers C = Customers.CUSTOMERS.as("c");
  private static final QueryTemplate<Customer> FIND =
      QueryTemplate.of(
          () ->
              DSL.select(C.ID, C.NAME, C.PHONE, C.CREATED_AT)
                  .from(C)
                  .where(C.ID.eq(SqlTemplate.slot(C.ID))),
          Records.mapping(CustomerMapper::customerOf));

  private final Session session;
  private final AgentIdentity identity;
  private final Customers table;

  /**
   * Internal: {@link dev.dovetable.core.TenantScope#customers()} makes it.
   *
   * @param session runs the statements
   * @param identity the agent
   * @param table the agent's own
   */
  public CustomerRepository(Session session, AgentIdentity identity, Customers table) {
    this.session = session;
    this.identity = identity;
    this.table = table;
  }

  /**
   * {@return the customer with id and time} Makes a customer. The phone column is not unique:
   * {@link #findOrCreateByPhone} is what keeps one customer per number.
   *
   * @param customer the customer to make
   */
  public Customer create(NewCustomer customer) {
    requireNonNull(customer, "customer");
    return session
        .dsl()
        .insertInto(table)
        .set(table.AGENT_ID, identity.id())
        .set(table.NAME, customer.name())
        .set(table.PHONE, customer.phone())
        .returning()
        .fetchSingle(row -> CustomerMapper.customer(row, table));
  }

  /**
   * Finds the customer with a phone number, or makes one: exactly one, however many threads and
   * processes ask at once. A customer that is there keeps their name.
   *
   * <p>One round trip if the customer is there, else two. The second one takes a lock on the agent
   * and the number for the rest of the transaction.
   *
   * @param phone the phone number, compared as it is given
   * @param name the name of a new customer
   * @return the customer; the oldest one if several have the number
   * @throws InvalidDataException if one of the two is blank or can't be stored as text
   * @throws RefusedException if the surrounding transaction isn't READ COMMITTED: it could not see
   *     a customer that was made meanwhile
   */
  public Customer findOrCreateByPhone(String phone, String name) {
    return byPhone().findOrMake(new NewCustomer(name, phone));
  }

  /**
   * {@return a customer; empty if there is none or the actor can't see them}
   *
   * @param id the customer's id
   */
  public Optional<Customer> find(int id) {
    return FIND.fetchOptional(session.dsl(), identity, Map.of("id", DSL.val(id)));
  }

  /**
   * What a customer has told WhatsApp to stop or to resume, such as advertising. Needs the tables
   * of {@link dev.dovetable.core.webhooks.Webhooks#extension()}.
   *
   * @param id the customer's id
   * @return all of it, newest first, so the first of a category is what holds; empty if nothing was
   *     told
   * @throws RefusedException if the agent has no tables for webhooks
   */
  public List<Consent> consent(int id) {
    return Consents.of(session, identity, id);
  }

  /**
   * {@return the customer with a phone number, the oldest one if several have it; empty if none}
   *
   * @param phone the phone number, compared as it is given
   */
  public Optional<Customer> findByPhone(String phone) {
    return byPhone().find(Texts.require(phone, "phone"));
  }

  /**
   * {@return a part of all customers, newest first}
   *
   * @param page which part
   * @throws InvalidDataException if the cursor is not one of this list
   */
  public Page<Customer> list(PageRequest page) {
    return CustomerLists.page(
        session, table, DSL.noCondition(), identity.prefix() + ".customers", page);
  }

  /**
   * The customers whose name or phone number holds a fragment, whatever its case, newest first. The
   * fragment is text, not a pattern. The cost grows with the number of customers.
   *
   * @param fragment what the name or the phone number holds, not blank
   * @param page which part; a cursor says where in the list of all customers to go on, so it fits
   *     another fragment too
   * @return the part
   * @throws InvalidDataException if the fragment is blank or can't be stored as text, or the cursor
   *     is not one of a search
   */
  public Page<Customer> search(String fragment, PageRequest page) {
    Texts.requireFilled(fragment, "fragment");
    return CustomerLists.page(
        session,
        table,
        table.NAME.containsIgnoreCase(fragment).or(table.PHONE.containsIgnoreCase(fragment)),
        // The fragment is no part of it: a cursor must not hold names or phone numbers.
        identity.prefix() + ".customers.search",
        page);
  }

  /**
   * {@return the customers whose name and phone number have all words of a search, made last first}
   * Case, accents and width make no difference, the last word may be a beginning, and of a number
   * any part of three digits, with blanks or without. By an index, that of {@link
   * dev.dovetable.core.messages.MessageSearch#extension()}.
   *
   * @param text the words; of more than eight, the first eight count
   * @param page which part
   * @throws RefusedException if the agent has no such index
   */
  public Page<Customer> searchWords(String text, PageRequest page) {
    return CustomerWords.fetch(session, identity, text, page);
  }

  /** {@return how many customers there are; the cost grows with their number} */
  public long count() {
    return session.dsl().select(DSL.count()).from(table).fetchSingle().value1();
  }

  /**
   * Makes any number of customers in one transaction, all or none, with constant memory. For the
   * service by COPY, else by one array per column; in the order of the iterator. Three round trips
   * for 5000 rows or 4 million characters, two for the transaction and one to look the agent up;
   * some twenty more to find out which row was refused.
   *
   * <p>What the iterator throws comes back unchanged, after a rollback. A stream gives its iterator
   * by {@code stream.iterator()}.
   *
   * @param customers the customers
   * @return how many there were
   * @throws InvalidDataException if the database refuses one; {@link InvalidDataException#row()}
   *     tells which, unless by a deferred constraint of the host's, which is looked at in the end
   */
  public long importAll(Iterator<NewCustomer> customers) {
    return new CustomerImport(session, identity, table).run(requireNonNull(customers, "customers"));
  }

  /**
   * All customers, oldest first, for an export. Read in portions of 500 from one statement, so as
   * of one moment and with constant memory. Holds a connection until it is closed, so use
   * try-with-resources. In a transaction of the host's, all rows are read at once and held.
   *
   * @return the customers, to be closed
   */
  public Stream<Customer> stream() {
    return session
        .dsl()
        .selectFrom(table)
        .orderBy(table.ID)
        .fetchSize(FETCH_SIZE)
        .fetchStream()
        .map(row -> CustomerMapper.customer(row, table));
  }

  /**
   * {@return the customer as they are now} Changes the name.
   *
   * @param id the id
   * @param name the new name, not blank
   * @throws NotFoundException if there is no such customer
   * @throws InvalidDataException if the name is blank or can't be stored as text
   */
  public Customer rename(int id, String name) {
    return change(id, table.NAME, Texts.requireFilled(name, "name"));
  }

  /**
   * {@return the customer as they are now} Changes the phone number. Nothing prevents that another
   * customer has it already.
   *
   * @param id the customer's id
   * @param phone the new number, not blank
   * @throws NotFoundException if there is no such customer
   * @throws InvalidDataException if the number is blank or can't be stored as text
   */
  public Customer changePhone(int id, String phone) {
    return change(id, table.PHONE, Texts.requireFilled(phone, "phone"));
  }

  /**
   * {@return whether there was one} Deletes a customer with all their messages and orders.
   *
   * @param id the customer's id
   */
  public boolean delete(int id) {
    return session.dsl().deleteFrom(table).where(table.ID.eq(id)).execute() > 0;
  }

  /**
   * By what WhatsApp knows a customer, in the tables of {@code Webhooks.extension()}.
   *
   * @param id the customer's id
   * @return it; empty if there is no such customer
   * @throws RefusedException if the agent has no such tables
   */
  public Optional<CustomerAddresses> addresses(int id) {
    return identities().addresses(id);
  }

  /**
   * Has name and phone number follow what messages tell, though the application has written them.
   *
   * @param id the customer's id
   * @throws NotFoundException if there is no such customer
   * @throws RefusedException as in {@link #addresses}
   */
  public void follow(int id) {
    if (!identities().follow(id)) {
      throw identity.notFound("customer " + id);
    }
  }

  /**
   * What became of customers that messages showed to be one. Without a round trip.
   *
   * @return their merges
   */
  public CustomerMerges merges() {
    return new CustomerMerges(identities());
  }

  private CustomerIdentities identities() {
    return new CustomerIdentities(session, identity);
  }

  private CustomersByPhone byPhone() {
    return new CustomersByPhone(session, identity, table);
  }

  private Customer change(int id, TableField<CustomersRecord, String> column, String value) {
    return session
        .dsl()
        .update(table)
        .set(column, value)
        .where(table.ID.eq(id))
        .returning()
        .fetchOptional(row -> CustomerMapper.customer(row, table))
        .orElseThrow(() -> identity.notFound("customer " + id));
  }
}
