import dev.dovetable.testkit.codegen.AgentTablesDatabase;
import dev.dovetable.testkit.codegen.AgentTablesStrategy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.OnError;
import org.jooq.meta.jaxb.Property;
import org.jooq.meta.jaxb.Strategy;
import org.jooq.meta.jaxb.Target;

/**
 * Generates the jOOQ classes of crm-core from the real schema and the library's extensions, as
 * applications do for tables of their own; here the base tables are among it, and the schema stays
 * in the classes, because the enum type needs one.
 *
 * <p>The build runs it from source, as {@code java GenerateJooq.java <this file> <target directory>
 * <stamp file>}. With unchanged inputs it does nothing.
 */
final class GenerateJooq {

  private static final String PACKAGE = "dev.dovetable.core.jooq";

  /** Folders on the class path: the SQL, and what makes a template agent of it. */
  private static final List<String> INPUTS =
      List.of("crm/database/schema", "crm/database/migrations", "dev/dovetable/testkit/codegen");

  /** The folders of the extensions' versions, which are beside other SQL, by their names. */
  private static final Map<String, Path> EXTENSIONS =
      new TreeMap<>(
          Map.of(
              "whatsapp_webhooks", Path.of("src/main/resources/dev/dovetable/core/webhooks"),
              "inbox", Path.of("src/main/resources/dev/dovetable/core/inbox")));

  private GenerateJooq() {}

  public static void main(String[] args) throws Exception {
    Path self = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Path stamp = Path.of(args[2]);
    Path module = self.toAbsolutePath().getParent().resolve("../../..");
    Map<String, Path> extensions = new TreeMap<>();
    for (Map.Entry<String, Path> one : EXTENSIONS.entrySet()) {
      extensions.put(one.getKey(), versionsOf(module.resolve(one.getValue())));
    }
    String inputs = digestOfInputs(self, extensions);
    Path marker = target.resolve(PACKAGE.replace('.', '/')).resolve("Tables.java");
    if (Files.exists(marker) && Files.exists(stamp) && Files.readString(stamp).equals(inputs)) {
      System.out.println("jOOQ classes are up to date");
      return;
    }
    Files.deleteIfExists(stamp);
    GenerationTool.generate(configuration(target, extensions));
    Path tables = target.resolve(PACKAGE.replace('.', '/')).resolve("tables");
    takeSchemaFromName(tables);
    callNothingThatAnotherJooqLacks(tables);
    Files.writeString(stamp, inputs);
    System.out.println("jOOQ classes generated");
  }

  /** The numbered files alone, in a folder of their own. */
  private static Path versionsOf(Path folder) throws IOException {
    Path versions = Files.createTempDirectory("versions");
    versions.toFile().deleteOnExit();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9][0-9][0-9]_*.sql")) {
      for (Path file : files) {
        Path copy = Files.copy(file, versions.resolve(file.getFileName()));
        copy.toFile().deleteOnExit();
      }
    }
    return versions;
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

  /**
   * {@code DSL.exists} takes another type from jOOQ 3.20 on; whoever runs it chooses the version.
   */
  private static void callNothingThatAnotherJooqLacks(Path tables) throws IOException {
    try (Stream<Path> files = Files.list(tables)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Files.writeString(
            file,
            Files.readString(file)
                .replace("DSL.exists(select)", "DSL.condition(\"exists ({0})\", select)")
                .replace("DSL.notExists(select)", "DSL.condition(\"not exists ({0})\", select)"));
      }
    }
  }

  private static String digestOfInputs(Path self, Map<String, Path> extensions)
      throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(org.jooq.Constants.FULL_VERSION.getBytes(StandardCharsets.UTF_8));
    digest.update(Files.readAllBytes(self));
    for (Path extension : extensions.values()) {
      digestTree(digest, extension);
    }
    for (String input : INPUTS) {
      URI place = URI.create(GenerateJooq.class.getClassLoader().getResource(input).toString());
      if (place.getScheme().equals("jar")) {
        try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
          digestTree(digest, jar.getPath(input));
        }
      } else {
        digestTree(digest, Path.of(place));
      }
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

  private static Configuration configuration(Path target, Map<String, Path> extensions) {
    return new Configuration()
        .withLogging(Logging.WARN)
        .withOnError(OnError.FAIL)
        .withGenerator(
            new Generator()
                .withDatabase(
                    new Database()
                        .withName(AgentTablesDatabase.class.getName())
                        .withProperties(
                            extensions.entrySet().stream()
                                .map(
                                    one ->
                                        new Property()
                                            .withKey("extension." + one.getKey())
                                            .withValue(one.getValue().toString()))
                                .toList())
                        .withInputSchema("{schema}"))
                .withStrategy(new Strategy().withName(AgentTablesStrategy.class.getName()))
                .withGenerate(generate())
                .withTarget(
                    new Target().withPackageName(PACKAGE).withDirectory(target.toString())));
  }

  private static Generate generate() {
    return new Generate()
        .withGeneratedAnnotation(false)
        .withDaos(false)
        .withPojos(false)
        .withImplicitJoinPathsToOne(false)
        .withImplicitJoinPathsToMany(false);
  }
}
