import dev.wacrm.schema.CrmSchema;
import dev.wacrm.testkit.server.PostgresDatabase;
import dev.wacrm.testkit.server.PostgresServer;
import dev.wacrm.testkit.server.PostgresServer.Source;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.MatcherRule;
import org.jooq.meta.jaxb.MatcherTransformType;
import org.jooq.meta.jaxb.Matchers;
import org.jooq.meta.jaxb.MatchersPrimaryKeyType;
import org.jooq.meta.jaxb.MatchersSchemaType;
import org.jooq.meta.jaxb.MatchersTableType;
import org.jooq.meta.jaxb.Strategy;
import org.jooq.meta.jaxb.Target;

/**
 * Generates the jOOQ classes of crm-core from the real schema: installs it on an embedded
 * PostgreSQL, makes one agent, and renames schema and tables to names that can't exist in a live
 * database, so that a statement which was not bound to a schema and a prefix fails.
 *
 * <p>The build runs it from source, as {@code java GenerateJooq.java <this file> <target directory>
 * <stamp file>}. With unchanged inputs it does nothing.
 */
final class GenerateJooq {

  private static final String SCHEMA = "{schema}";
  private static final String PREFIX = "{prefix}";
  private static final String TEMPLATE_AGENT = "template";
  private static final String PACKAGE = "dev.wacrm.core.jooq";
  private static final String SQL = "crm/database/schema/enums.sql";

  private GenerateJooq() {}

  public static void main(String[] args) throws Exception {
    Path self = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Path stamp = Path.of(args[2]);
    String inputs = digestOfInputs(self);
    Path marker = target.resolve(PACKAGE.replace('.', '/')).resolve("Tables.java");
    if (Files.exists(marker) && Files.exists(stamp) && Files.readString(stamp).equals(inputs)) {
      System.out.println("jOOQ classes are up to date");
      return;
    }
    Files.deleteIfExists(stamp);
    try (PostgresServer server = PostgresServer.builder().source(Source.EMBEDDED).start();
        PostgresDatabase database = server.createDatabase()) {
      CrmSchema.create().install(database.dataSource());
      makeTemplate(database.dataSource());
      GenerationTool.generate(configuration(database, target));
    }
    takeSchemaFromName(target.resolve(PACKAGE.replace('.', '/')).resolve("tables"));
    Files.writeString(stamp, inputs);
    System.out.println("jOOQ classes generated");
  }

  /**
   * Has {@code rename(name(schema, table))} bind the schema too, in any jOOQ configuration. As jOOQ
   * generates them, tables keep the schema that they were generated from, whatever their name says.
   */
  private static void takeSchemaFromName(Path tables) throws IOException {
    String pinned = "return aliased() ? null : TemplateSchema.TEMPLATE_SCHEMA;";
    String named =
        "return aliased() || getQualifiedName().qualified()"
            + " ? super.getSchema() : TemplateSchema.TEMPLATE_SCHEMA;";
    try (Stream<Path> files = Files.list(tables)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        if (!source.contains(pinned)) {
          throw new IllegalStateException(file + ": jOOQ generates getSchema() differently now");
        }
        Files.writeString(file, source.replace(pinned, named));
      }
    }
  }

  private static String digestOfInputs(Path self) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(org.jooq.Constants.FULL_VERSION.getBytes(StandardCharsets.UTF_8));
    digest.update(Files.readAllBytes(self));
    URI sql = URI.create(GenerateJooq.class.getClassLoader().getResource(SQL).toString());
    if (sql.getScheme().equals("jar")) {
      try (FileSystem jar = FileSystems.newFileSystem(sql, Map.of())) {
        digestTree(digest, jar.getPath(SQL).getParent().getParent());
      }
    } else {
      digestTree(digest, Path.of(sql).getParent().getParent());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void digestTree(MessageDigest digest, Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
    }
  }

  private static void makeTemplate(DataSource superuser) throws SQLException {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      UUID admin = UUID.randomUUID();
      UUID agent = UUID.randomUUID();
      statement.execute(
          """
          insert into users (id, name, email, role)
          values ('%s', 'admin', 'admin@example.com', 'admin'),
                 ('%s', 'agent', 'agent@example.com', 'agent')
          """
              .formatted(admin, agent));
      try (ResultSet created =
          statement.executeQuery(
              "select * from create_agent(user_id => '%s', agent_prefix => '%s', created_by => '%s')"
                  .formatted(agent, TEMPLATE_AGENT, admin))) {
        created.next();
        if (!created.getBoolean("success")) {
          throw new IllegalStateException("template agent: " + created.getString("message"));
        }
      }
      // Indexes come and go with their constraints, so constraints go first.
      statement.execute(
          """
          do $$
          declare
            object record;
            old text := '%1$s\\_%%';
          begin
            for object in
              select conrelid::regclass as owner, conname as name
              from pg_constraint where conname like old
            loop
              execute format('alter table %%s rename constraint %%I to %%I',
                object.owner, object.name, '%2$s' || substr(object.name, length('%1$s') + 1));
            end loop;
            for object in
              select relname as name, relkind from pg_class
              where relname like old and relkind in ('r', 'i')
            loop
              execute format('alter %%s %%I rename to %%I',
                case object.relkind when 'r' then 'table' else 'index' end,
                object.name, '%2$s' || substr(object.name, length('%1$s') + 1));
            end loop;
            execute format('alter schema %%I rename to %%I', current_schema(), '%3$s');
          end
          $$
          """
              .formatted(TEMPLATE_AGENT, PREFIX, SCHEMA));
    }
  }

  private static Configuration configuration(PostgresDatabase database, Path target) {
    return new Configuration()
        .withLogging(Logging.WARN)
        .withJdbc(new Jdbc().withDriver("org.postgresql.Driver").withUrl(database.jdbcUrl()))
        .withGenerator(
            new Generator()
                .withDatabase(database())
                .withStrategy(new Strategy().withMatchers(matchers()))
                .withGenerate(generate())
                .withTarget(
                    new Target().withPackageName(PACKAGE).withDirectory(target.toString())));
  }

  private static Database database() {
    return new Database()
        .withName("org.jooq.meta.postgres.PostgresDatabase")
        .withInputSchema(SCHEMA)
        // Foreign keys and what jOOQ makes of them, join paths, would lead from a renamed table to
        // the template's.
        .withIncludeForeignKeys(false)
        .withIncludeIndexes(false)
        .withIncludeSequences(false)
        .withIncludeCheckConstraints(false)
        .withForcedTypes(
            new ForcedType()
                .withUserType("java.time.Instant")
                .withBinding(PACKAGE + ".UtcTimestampBinding")
                .withIncludeTypes("timestamp\\ without\\ time\\ zone"),
            new ForcedType()
                .withName("INSTANT")
                .withIncludeTypes("timestamp\\ with\\ time\\ zone"));
  }

  private static Matchers matchers() {
    return new Matchers()
        .withSchemas(
            new MatchersSchemaType()
                .withExpression("\\{schema\\}")
                .withSchemaClass(rule(MatcherTransformType.PASCAL, "template_schema"))
                .withSchemaIdentifier(rule(MatcherTransformType.UPPER, "template_schema")))
        .withTables(
            new MatchersTableType()
                .withExpression("\\{prefix\\}_(\\w+)")
                .withTableClass(rule(MatcherTransformType.PASCAL, "$1"))
                .withTableIdentifier(rule(MatcherTransformType.UPPER, "$1"))
                .withRecordClass(rule(MatcherTransformType.PASCAL, "$1_record")))
        .withPrimaryKeys(
            new MatchersPrimaryKeyType()
                .withExpression("\\{prefix\\}_(\\w+)")
                .withKeyIdentifier(rule(MatcherTransformType.UPPER, "$1")));
  }

  private static MatcherRule rule(MatcherTransformType transform, String expression) {
    return new MatcherRule().withTransform(transform).withExpression(expression);
  }

  private static Generate generate() {
    return new Generate()
        .withGeneratedAnnotation(false)
        .withJavadoc(false)
        .withComments(false)
        .withDaos(false)
        .withPojos(false)
        .withImplicitJoinPathsToOne(false)
        .withImplicitJoinPathsToMany(false);
  }
}
