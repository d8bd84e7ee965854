package dev.dovetable.core.customers;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SearchRequired;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Customers;
import java.util.List;
import java.util.Map;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** Finds customers by words of their names and parts of their numbers, those made last first. */
final class CustomerWords {
  private static final Customers C = Customers.CUSTOMERS.as("c");
  private static final QueryTemplate<Customer> SEARCH =
      QueryTemplate.ofFile(
          "customers/search.sql",
          Map::of,
          List.of(C.ID, C.NAME, C.PHONE, C.CREATED_AT),
          (Record row) -> CustomerMapper.customer(row, C));

  private CustomerWords() {}

  static Page<Customer> fetch(Session session, AgentIdentity agent, String text, PageRequest page) {
    Texts.require(text, "text");
    String list = agent.prefix() + ".customers.words";
    Field<Integer> after =
        requireNonNull(page, "page")
            .after()
            .map(cursor -> Keyset.toInt(Keyset.keys(cursor, list, 1).get(0)))
            .<Field<Integer>>map(id -> DSL.val(id, SQLDataType.INTEGER))
            .orElseGet(() -> DSL.castNull(SQLDataType.INTEGER));
    List<Customer> fetched =
        SearchRequired.run(
            agent,
            () ->
                SEARCH.fetch(
                    session.dsl(),
                    agent,
                    Map.of(
                        "search_customers", DSL.name(agent.schema(), "search_customers"),
                        "prefix", DSL.val(agent.prefix()),
                        "text", DSL.val(text),
                        "id", after,
                        "limit", DSL.val(page.limit() + 1))));
    return Keyset.page(fetched, page, last -> Keyset.cursor(list, last.id()));
  }
}
