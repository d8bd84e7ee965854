package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.jooq.tables.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertValuesStep3;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * A client that keeps asking, in every way a statement can be sent, whom its statements run as, and
 * that writes the answer into its messages. Belongs to one thread.
 */
final class IdentityChecks {
  private static final String ASK =
      "select current_setting('role') || ' ' || coalesce(auth.uid()::text, 'nobody')"
          + " || ' ' || current_user";
  private static final Field<String> WHO =
      DSL.field(
          "current_setting('role') || ' ' || coalesce(auth.uid()::text, 'nobody')"
              + " || ' ' || current_user",
          String.class);
  private static final String SERVICE = "service_role nobody service_role";

  private final TenantScope own;
  private final TenantScope asService;
  private final TenantTables neighbour;
  private final String me;
  private final int customer;
  private final List<Consumer<TenantScope>> checks;
  private int written;

  /**
   * Prepares a client of one agent.
   *
   * @param neighbour another agent's tables, with one customer in them
   */
  IdentityChecks(Crm crm, String prefix, UUID user, int customer, TenantTables neighbour) {
    this.own = crm.tenant(prefix);
    this.asService = crm.asService().tenant(prefix);
    this.neighbour = neighbour;
    this.me = "authenticated " + user + " authenticated";
    this.customer = customer;
    this.written = own.dsl().fetchCount(own.tables().messages());
    this.checks =
        List.of(
            this::plain,
            this::bound,
            this::write,
            this::batchOfOneStatement,
            this::batchOfSeveral,
            this::inPortions,
            this::halfOfAResult,
            this::error,
            this::failingBatch,
            this::foreignRows,
            this::repositories);
  }

  /** Makes one random check, outside or inside a transaction. */
  void runOne(Random random) {
    Consumer<TenantScope> check = checks.get(random.nextInt(checks.size()));
    switch (random.nextInt(6)) {
      case 0 -> inTransaction(check);
      case 1 -> inFailedSavepoint(check);
      case 2 -> assertThat(who(asService)).isEqualTo(SERVICE);
      default -> check.accept(own);
    }
  }

  /** Everything that was written says who wrote it. */
  void assertAllWrittenByMe() {
    Messages table = own.tables().messages();
    List<String> texts = own.dsl().select(table.MESSAGE).from(table).fetch(table.MESSAGE);
    assertThat(texts).hasSize(written).allMatch(me::equals);
  }

  private void inTransaction(Consumer<TenantScope> check) {
    own.transaction(
        tx -> {
          plain(tx);
          check.accept(tx);
          plain(tx);
          return null;
        });
  }

  private void inFailedSavepoint(Consumer<TenantScope> check) {
    own.transaction(
        tx -> {
          assertThatThrownBy(
                  () ->
                      tx.transaction(
                          inner -> {
                            plain(inner);
                            return inner.dsl().fetch("select 1 / 0");
                          }))
              .isInstanceOf(InvalidDataException.class);
          check.accept(tx);
          return null;
        });
  }

  private void plain(TenantScope scope) {
    assertThat(who(scope)).isEqualTo(me);
  }

  private void bound(TenantScope scope) {
    Record row = scope.dsl().fetchSingle("select ?::int, (" + ASK + "), ?::text", 7, "it's\\'$$");
    assertThat(row.intoList()).containsExactly(7, me, "it's\\'$$");
  }

  private void write(TenantScope scope) {
    assertThat(scope.dsl().execute(insert(scope))).isOne();
    written++;
  }

  private void batchOfOneStatement(TenantScope scope) {
    Messages table = scope.tables().messages();
    int[] counts =
        scope
            .dsl()
            .batch(
                DSL.insertInto(table, table.CUSTOMER_ID, table.MESSAGE, table.DIRECTION)
                    .values(DSL.val((Integer) null, table.CUSTOMER_ID), WHO, DSL.inline("inbound")))
            .bind(customer)
            .bind(customer)
            .bind(customer)
            .execute();
    assertThat(counts).hasSize(3);
    written += 3;
  }

  private void batchOfSeveral(TenantScope scope) {
    Messages table = scope.tables().messages();
    scope
        .dsl()
        .batch(
            insert(scope),
            DSL.update(table).set(table.MESSAGE, WHO).where(table.CUSTOMER_ID.eq(customer)),
            insert(scope))
        .execute();
    written += 2;
  }

  /** The answer is computed as the rows are fetched, so each portion gives its own. */
  private void inPortions(TenantScope scope) {
    List<String> answers = new ArrayList<>();
    try (Cursor<Record> rows = answers(scope.dsl(), 25)) {
      while (rows.hasNext()) {
        answers.add(rows.fetchNext().get(1, String.class));
      }
    }
    assertThat(answers).hasSize(25).allMatch(me::equals);
  }

  private void halfOfAResult(TenantScope scope) {
    try (Cursor<Record> rows = answers(scope.dsl(), 1000)) {
      assertThat(rows.fetchNext(10)).allMatch(row -> me.equals(row.get(1)));
    }
  }

  private void error(TenantScope scope) {
    if (isInTransaction(scope)) {
      return; // nothing could follow
    }
    assertThatThrownBy(() -> scope.dsl().fetch("select (" + ASK + "), 1 / ?::int", 0))
        .isInstanceOf(InvalidDataException.class);
    assertThatThrownBy(() -> scope.messages().recordInbound(-1, "to nobody"))
        .isInstanceOf(NotFoundException.class);
    plain(scope);
  }

  private void failingBatch(TenantScope scope) {
    if (isInTransaction(scope)) {
      return;
    }
    assertThatThrownBy(() -> scope.dsl().batch(insert(scope), DSL.query("select 1 / 0")).execute())
        .isInstanceOf(InvalidDataException.class);
    plain(scope);
  }

  /** The same text for both roles in a transaction, so one prepared plan serves both. */
  private void foreignRows(TenantScope scope) {
    assertThat(scope.dsl().fetchCount(neighbour.customers())).isZero();
    if (!isInTransaction(scope)) { // the pool may have no second connection
      assertThat(asServiceInTransaction()).isOne();
    }
    assertThat(scope.dsl().fetchCount(scope.tables().customers())).isOne();
  }

  private int asServiceInTransaction() {
    return asService.<Integer, RuntimeException>transaction(
        tx -> {
          assertThat(who(tx)).isEqualTo(SERVICE);
          return tx.dsl().fetchCount(neighbour.customers());
        });
  }

  private void repositories(TenantScope scope) {
    assertThat(scope.customers().find(customer)).isPresent();
    assertThat(scope.customers().list(PageRequest.first(3)).items()).hasSize(1);
  }

  private static Cursor<Record> answers(DSLContext dsl, int rows) {
    return dsl.resultQuery("select g, (" + ASK + " where g > 0) from generate_series(1, ?) g", rows)
        .fetchSize(4)
        .fetchLazy();
  }

  private InsertValuesStep3<?, Integer, String, String> insert(TenantScope scope) {
    Messages table = scope.tables().messages();
    return DSL.insertInto(table, table.CUSTOMER_ID, table.MESSAGE, table.DIRECTION)
        .values(DSL.val(customer), WHO, DSL.inline("outbound"));
  }

  private boolean isInTransaction(TenantScope scope) {
    return scope != own;
  }

  private static String who(TenantScope scope) {
    return (String) scope.dsl().fetchValue(ASK);
  }
}
