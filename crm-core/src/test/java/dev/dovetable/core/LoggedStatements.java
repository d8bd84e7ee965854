package dev.dovetable.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.conf.StatementType;
import org.jooq.impl.DSL;
import org.postgresql.ds.PGSimpleDataSource;

/** A program whose every text holds {@link #SECRET}; started by {@link SqlLogTest}. */
final class LoggedStatements {
  static final String SECRET = "hush5550177";

  /** More than a statement's protocol message can hold. */
  private static final int TOO_MANY_VALUES = 40_000;

  private LoggedStatements() {}

  /** Takes port, database, login, and the prefix of an agent. */
  public static void main(String[] arguments) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setPortNumbers(new int[] {Integer.parseInt(arguments[0])});
    dataSource.setDatabaseName(arguments[1]);
    dataSource.setUser(arguments[2]);
    Crm crm = DatabaseTest.crm(dataSource);
    base(crm, SECRET + arguments[3]);
    TenantScope scope = crm.tenant(arguments[3]);
    int customer = customers(scope);
    messages(scope, customer);
    orders(scope, customer);
    imports(scope, customer);
    imports(crm.asService().tenant(arguments[3]), customer);
    scope.transaction(inner -> inner.customers().rename(customer, SECRET));
    scope.readOnly().conversations().latest(PageRequest.first(5));
    own(scope, customer);
  }

  private static void base(Crm crm, String unique) {
    NewUser user = new NewUser(SECRET, unique + "@example.com", UserRole.AGENT);
    User made = crm.users().create(user);
    refused(() -> crm.users().create(user));
    crm.users().update(made.id(), UserChanges.none().name(SECRET + "!"));
    crm.users().findByEmail(SECRET);
    crm.whatsapp()
        .save(
            NewWhatsAppConfig.of(made.id(), "15550100", "https://example.com/" + SECRET)
                .apiKey(SECRET)
                .verifyToken(SECRET)
                .phoneNumberId(unique));
    crm.whatsapp().findByPhoneNumberId(unique);
  }

  private static int customers(TenantScope scope) {
    Customer found = scope.customers().findOrCreateByPhone(SECRET, SECRET);
    scope.customers().create(new NewCustomer(SECRET, SECRET));
    scope.customers().search(SECRET, PageRequest.first(5));
    scope.customers().changePhone(found.id(), SECRET + "1");
    String tooLong =
        SECRET
            + new Random(1)
                .ints(9_000, '!', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    refused(() -> scope.customers().create(new NewCustomer("C", tooLong)));
    return found.id();
  }

  private static void messages(TenantScope scope, int customer) {
    scope.messages().recordInbound(customer, SECRET);
    scope.messages().recordInboundFrom(SECRET + "2", SECRET, SECRET, Instant.now());
    scope.messages().recordAll(List.of(NewMessage.outbound(customer, SECRET)));
    scope.messages().edit(scope.messages().latest(customer, 1).get(0).id(), SECRET);
    refused(() -> scope.messages().recordInbound(-1, SECRET));
  }

  private static void orders(TenantScope scope, int customer) {
    NewOrderItem item = new NewOrderItem(SECRET, 1, BigDecimal.ONE);
    int order = scope.orders().place(NewOrder.of(customer, List.of(item, item))).order().id();
    scope.orders().addItem(order, item);
    scope.orders().changeNotes(order, Optional.of(SECRET));
    OrderStatus status = new OrderStatus(SECRET);
    scope.orders().changeStatus(order, Set.of(OrderStatus.PENDING), status);
    scope.orders().listByStatus(status, PageRequest.first(5));
    scope.orders().totalsByStatus();
  }

  private static void imports(TenantScope scope, int customer) {
    scope.customers().importAll(List.of(new NewCustomer(SECRET, SECRET)).iterator());
    NewMessage message = NewMessage.inbound(customer, SECRET).at(Instant.EPOCH);
    scope.messages().importAll(Collections.nCopies(3, message).iterator());
    refused(
        () ->
            scope
                .messages()
                .importAll(List.of(NewMessage.inbound(-1, SECRET).at(Instant.EPOCH)).iterator()));
    try (var messages = scope.messages().stream()) {
      messages.forEach(any -> {});
    }
  }

  /** Queries of the caller's own, for which jOOQ puts the values into the text that it sends. */
  private static void own(TenantScope scope, int customer) {
    var messages = scope.tables().messages();
    scope
        .dsl()
        .selectFrom(messages)
        .where(
            messages.MESSAGE.in(
                IntStream.range(0, TOO_MANY_VALUES).mapToObj(i -> SECRET + i).toList()))
        .fetch();
    DSLContext fixed = scope.dsl();
    fixed.settings().setStatementType(StatementType.STATIC_STATEMENT);
    fixed.selectFrom(messages).where(messages.MESSAGE.eq(SECRET)).fetch();
    fixed.fetch("select {0} as plain", DSL.val(SECRET));
    scope
        .dsl()
        .batch(
            DSL.insertInto(messages, messages.CUSTOMER_ID, messages.MESSAGE, messages.DIRECTION)
                .values((Integer) null, null, null))
        .bind(customer, SECRET, "inbound")
        .bind(customer, SECRET, "outbound")
        .execute();
    refused(() -> scope.dsl().fetch("select cast(? as integer)", SECRET));
  }

  private static void refused(Runnable call) {
    try {
      call.run();
    } catch (RefusedException | InvalidDataException | NotFoundException e) {
      return;
    }
    throw new IllegalStateException("It was not refused.");
  }
}
