package dev.dovetable.testkit.codegen;

import static java.util.Objects.requireNonNullElse;

import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.meta.DefaultRelations;
import org.jooq.meta.IndexDefinition;
import org.jooq.meta.SequenceDefinition;
import org.jooq.meta.jaxb.ForcedType;
import org.jspecify.annotations.Nullable;

/**
 * What jOOQ's code generation reads: the CRM on a PostgreSQL of its own, which is started for that,
 * with one agent that has all of an application's extensions. No database has to be configured. To
 * be named in jOOQ's configuration, together with {@link AgentTablesGenerator}.
 *
 * <p>The agent's tables are called {@code {prefix}_customers} and so on, in a schema {@code
 * {schema}}: names that no live database has. So a statement fails that was not bound to an agent
 * by {@code TenantScope.table(…)}. Their {@code timestamp} columns hold UTC and become {@link
 * java.time.Instant}s, as do {@code timestamptz} columns. Foreign keys, which would lead from one
 * agent's table to the template's, are left out, as are indexes, sequences and check constraints.
 *
 * <p>Properties:
 *
 * <ul>
 *   <li>{@code extension.<name>}: the folder with the files of an extension, as for {@link
 *       AgentExtension#fromDirectory}.
 *   <li>{@code scripts}: files with SQL that the extensions build upon, functions and types of the
 *       application's, separated by commas. Optional.
 * </ul>
 *
 * <p>Relative paths start at jOOQ's {@code basedir}, which is the module's folder with Maven.
 *
 * <p>The server is found like those of tests, see {@link PostgresServer}. Not thread-safe, like its
 * superclass.
 */
public class AgentTablesDatabase extends org.jooq.meta.postgres.PostgresDatabase {
  private static final String EXTENSION = "extension.";
  private static final String SCRIPTS = "scripts";
  private static final String UTC = "dev.dovetable.core.jooq.UtcTimestampBinding";
  private static final String ZONED = "dev.dovetable.core.jooq.ZonedTimestampBinding";

  private @Nullable PostgresServer server;

  /** Creates the database, for jOOQ; nothing is started yet. */
  public AgentTablesDatabase() {
    setConfiguredForcedTypes(
        List.of(
            new ForcedType()
                .withUserType("java.time.Instant")
                .withBinding(UTC)
                .withIncludeTypes("timestamp\\ without\\ time\\ zone"),
            new ForcedType()
                .withUserType("java.time.Instant")
                .withBinding(ZONED)
                .withIncludeTypes("timestamp\\ with\\ time\\ zone")));
  }

  /** Starts the server and makes the agent, the first time. */
  @Override
  protected DSLContext create0() {
    if (server == null) {
      if (getConnection() != null) {
        throw new IllegalStateException(
            "The code generation of an agent's tables has a database of its own: remove <jdbc>.");
      }
      requireLanguage();
      try {
        List<AgentExtension> extensions = extensions();
        List<String> scripts = scripts();
        server = PostgresServer.builder().start();
        PostgresDatabase database = server.createDatabase();
        TemplateAgent.make(database.dataSource(), scripts, extensions);
        setConnection(database.dataSource().getConnection());
      } catch (SQLException | IOException e) {
        throw new IllegalStateException("The template agent can't be made: " + e.getMessage(), e);
      }
    }
    return super.create0();
  }

  /** jOOQ changes the case of names by the machine's rules, also of the types that it knows. */
  private static void requireLanguage() {
    if (!"items".toUpperCase(Locale.getDefault()).equals("ITEMS")) {
      throw new IllegalStateException(
          "jOOQ can't generate code in the language %s: run the build with -Duser.language=en."
              .formatted(Locale.getDefault().getLanguage()));
    }
  }

  private List<AgentExtension> extensions() {
    List<AgentExtension> extensions = new ArrayList<>();
    for (String key : new TreeSet<>(getProperties().stringPropertyNames())) {
      if (key.startsWith(EXTENSION)) {
        extensions.add(
            AgentExtension.fromDirectory(
                key.substring(EXTENSION.length()), path(getProperties().getProperty(key))));
      } else if (!key.equals(SCRIPTS)) {
        throw new IllegalArgumentException(
            "The property %s is unknown: there are extension.<name> and scripts.".formatted(key));
      }
    }
    return extensions;
  }

  private List<String> scripts() throws IOException {
    List<String> scripts = new ArrayList<>();
    for (String file : getProperties().getProperty(SCRIPTS, "").split(",")) {
      if (!file.isBlank()) {
        scripts.add(Files.readString(path(file)));
      }
    }
    return scripts;
  }

  private Path path(String configured) {
    return Path.of(requireNonNullElse(getBasedir(), "")).resolve(configured.strip()).normalize();
  }

  /** None. */
  @Override
  protected void loadForeignKeys(DefaultRelations relations) {}

  /** None. */
  @Override
  protected void loadCheckConstraints(DefaultRelations relations) {}

  /** None, in a list that jOOQ sorts. */
  @Override
  protected List<IndexDefinition> getIndexes0() {
    return new ArrayList<>();
  }

  /** None, in a list that jOOQ sorts. */
  @Override
  protected List<SequenceDefinition> getSequences0() {
    return new ArrayList<>();
  }

  /** Stops the server. */
  @Override
  public void close() {
    super.close();
    if (server != null) {
      server.close();
    }
  }
}
