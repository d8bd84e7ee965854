package dev.dovetable.examples.cli.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** What the library's interface doesn't tell about all agents at once: one statement each. */
public final class AgentFigures {
  private final DSLContext dsl;
  private final String schema;

  public AgentFigures(Database database) {
    this.dsl = DSL.using(database.dataSource(), SQLDialect.POSTGRES);
    this.schema = database.schema();
  }

  /**
   * How the agents are.
   *
   * @param agents how many there are
   * @param outdated how many miss a version that the database knows
   * @param failed how many of these were tried
   */
  public record Counts(int agents, int outdated, int failed) {}

  /**
   * An agent's tables, those of extensions among them.
   *
   * @param bytes on disk, with indexes
   * @param customers rows, as the planner estimates them; empty as long as the table was never
   *     analysed
   */
  public record Size(
      String prefix,
      long bytes,
      Optional<Long> customers,
      Optional<Long> messages,
      Optional<Long> orders) {}

  public Counts counts() {
    return dsl.select(
            DSL.field(DSL.selectCount().from(DSL.table(DSL.name(schema, "agents")))),
            DSL.field(
                DSL.selectCount()
                    .from(DSL.table("{0}()", internal("outdated_agents").getQualifiedName()))),
            DSL.field(DSL.selectCount().from(internal("agent_failures"))))
        .fetchSingle(row -> new Counts(row.value1(), row.value2(), row.value3()));
  }

  /** A user by address or id, asked as the login itself: the owner needn't be in service_role. */
  public Optional<UUID> user(String who) {
    return dsl.select(DSL.field(DSL.name("id"), UUID.class))
        .from(DSL.table(DSL.name(schema, "users")))
        .where(DSL.field(DSL.name(who.contains("@") ? "email" : "id")).cast(String.class).eq(who))
        .fetchOptional(row -> row.value1());
  }

  /** Largest first. */
  public List<Size> sizes() {
    return dsl.resultQuery(
            read("sizes.sql"),
            DSL.name(schema, "agents"),
            internal("agent_templates").getQualifiedName(),
            DSL.inline(schema))
        .fetch(
            row ->
                new Size(
                    row.get("prefix", String.class),
                    row.get("bytes", Long.class),
                    Optional.ofNullable(row.get("customers", Long.class)),
                    Optional.ofNullable(row.get("messages", Long.class)),
                    Optional.ofNullable(row.get("orders", Long.class))));
  }

  /** A table that the specification doesn't name. */
  private Table<?> internal(String name) {
    String home = schema.equals("public") ? "crm_private" : schema + "_private";
    return DSL.table(DSL.name(home, name));
  }

  private static String read(String resource) {
    try (InputStream in = AgentFigures.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("The jar is incomplete: it holds no file " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
