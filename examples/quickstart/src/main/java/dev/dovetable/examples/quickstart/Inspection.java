package dev.dovetable.examples.quickstart;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.jooq.TenantTables;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;

/** Looks at what is in the database, and tries what must not work. */
final class Inspection {

  private static final Field<String> SCHEMA = field(name("schemaname"), String.class);
  private static final Field<String> TABLE = field(name("tablename"), String.class);
  private static final Field<Boolean> ROW_SECURITY = field(name("rowsecurity"), Boolean.class);

  private final Crm crm;
  private final Console console;

  Inspection(Crm crm, Console console) {
    this.crm = crm;
    this.console = console;
  }

  void showTables(Shop any) {
    console.section("Tables in schema " + crm.schema());
    // The service sees every row; an agent's scope would count its own only.
    DSLContext service = crm.asService().tenant(any.prefix()).dsl();
    List<List<String>> rows = new ArrayList<>();
    for (Record2<String, Boolean> found :
        service
            .select(TABLE, ROW_SECURITY)
            .from(table(name("pg_catalog", "pg_tables")))
            .where(SCHEMA.eq(crm.schema()))
            .orderBy(TABLE)) {
      int count = service.fetchCount(table(name(crm.schema(), found.value1())));
      rows.add(List.of(found.value1(), String.valueOf(count), found.value2() ? "on" : "OFF"));
    }
    console.table(List.of("Table", ">Rows", "Row level security"), rows);
  }

  /** Everything here is really run, by one agent's user on another agent's tables. */
  void showIsolation(Shop intruder, Shop other) {
    console.section(
        "What %s of %s can do in %s"
            .formatted(intruder.user().name(), intruder.prefix(), other.prefix()));
    TenantTables theirs = other.scope().tables();
    DSLContext service = crm.asService().tenant(other.prefix()).dsl();
    String customers = " of " + Text.count(service.fetchCount(theirs.customers()), "row");
    String messages = " of " + Text.count(service.fetchCount(theirs.messages()), "row");
    Attempts attempts = new Attempts(intruder.scope().dsl(), theirs, other.agent().id());
    TenantScope wrongPrefix = crm.as(Actor.user(intruder.user().id())).tenant(other.prefix());
    List<List<String>> rows =
        List.of(
            List.of("read the customers", attempts.readCustomers() + customers),
            List.of("read the messages", attempts.readMessages() + messages),
            List.of("rename the customers", attempts.renameCustomers() + customers),
            List.of("delete the messages", attempts.deleteMessages() + messages),
            List.of("add a customer", attempts.addCustomer()),
            List.of(
                "open the prefix %s as oneself".formatted(other.prefix()),
                wrongPrefix.customers().list(PageRequest.first(100)).items().size() + customers));
    console.table(List.of("Attempt", "Result"), rows);
  }

  /** What row level security must turn into nothing, or refuse. */
  private record Attempts(DSLContext dsl, TenantTables theirs, long theirId) {

    int readCustomers() {
      return dsl.fetchCount(theirs.customers());
    }

    int readMessages() {
      return dsl.fetchCount(theirs.messages());
    }

    int renameCustomers() {
      return dsl.update(theirs.customers()).set(theirs.customers().NAME, "Nobody").execute();
    }

    int deleteMessages() {
      return dsl.deleteFrom(theirs.messages()).execute();
    }

    String addCustomer() {
      try {
        return dsl.insertInto(theirs.customers())
                .set(theirs.customers().AGENT_ID, theirId)
                .set(theirs.customers().NAME, "Nobody")
                .set(theirs.customers().PHONE, "12025550199")
                .execute()
            + " row added";
      } catch (AccessDeniedException e) {
        Throwable reason = e.getCause() == null ? e : e.getCause();
        return "refused: " + String.valueOf(reason.getMessage()).replaceFirst("^ERROR: ", "");
      }
    }
  }
}
