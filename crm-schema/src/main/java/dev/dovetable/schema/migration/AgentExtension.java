package dev.dovetable.schema.migration;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Script;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an application adds to every agent: tables of its own, columns, indexes, triggers. A list of
 * SQL files on the class path or in a directory, one for each version; a file that was released is
 * never changed.
 *
 * <pre>{@code
 * AgentExtension appointments =
 *     AgentExtension.fromClassPath(
 *         "appointments", "db/appointments", "001_create_appointments.sql", "002_add_place.sql");
 * }</pre>
 *
 * <p>A file holds SQL for one agent. {@code {customers}}, {@code {messages}}, {@code {orders}} and
 * {@code {orders_items}} stand for the agent's tables, {@code {appointments}} for the table {@code
 * {prefix}_appointments} that the file makes, {@code {appointments_starts_at_idx}} for an index of
 * it, {@code {agent_id}} and {@code {agent_prefix}} for the agent's id and prefix as literals, and
 * {@code {crm}} for the schema of this library's functions, of which triggers may call {@code
 * {crm}.touch_updated_at()}. Each new table gets the row level security and privileges of the
 * agent's other tables, and indexes for its foreign keys, without being asked to; GRANT and REVOKE
 * in the file are run behind that, and may leave a user less.
 *
 * <p>{@code {crm}.{appointments_moved}} is a function that each agent has, for triggers: made and
 * dropped with the agent, and nobody may call it. {@code {crm}.appointments_hours}, which begins
 * with the name of the extension, is one that all agents share: its statements are run once, when
 * the version is registered. Both have a {@code search_path} of their own. {@code
 * {api}.appointments_of} is a shared one that stands beside the tables, for applications to call.
 *
 * <p>Immutable and thread-safe.
 */
public final class AgentExtension {
  /** What this library's own changes to agents' tables are registered under, by its SQL files. */
  static final String RESERVED_NAME = "crm";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

  private final String name;
  private final List<ExtensionVersion> templates;

  private AgentExtension(String name, List<ExtensionVersion> templates) {
    this.name = name;
    this.templates = List.copyOf(templates);
  }

  /**
   * An extension whose files are on the class path: that of the current thread's context class
   * loader or, where that doesn't find a file, of this library's.
   *
   * @param name up to 40 characters: a lower-case letter, then lower-case letters, digits and
   *     underscores, but not {@code crm}; never changes
   * @param folder where the files are, such as {@code db/appointments}
   * @param files their names in the order of the versions: {@code 001_….sql}, {@code 002_….sql} and
   *     so on, without a gap
   * @return the extension
   * @throws IllegalArgumentException if the name or a file's name is malformed, or the numbers have
   *     a gap
   * @throws SchemaException if a file is missing or breaks a rule: an unknown placeholder, a table
   *     that is named without one, a call that is not for an agent's tables. The message names file
   *     and line
   */
  public static AgentExtension fromClassPath(String name, String folder, String... files) {
    requireName(name);
    String root = requireNonNull(folder, "folder").replaceAll("/+$", "") + "/";
    requireNumbers(name, List.of(files));
    List<Script> scripts = new ArrayList<>();
    for (String file : files) {
      scripts.add(Script.of(root + file, read(name, root + file)));
    }
    return of(name, scripts);
  }

  /**
   * An extension whose files are in a directory: every file there whose name ends in {@code .sql}.
   *
   * @param name as in {@link #fromClassPath}
   * @param directory where the files are, named {@code 001_….sql}, {@code 002_….sql} and so on,
   *     without a gap; what has another ending is left alone
   * @return the extension
   * @throws IllegalArgumentException if the name or a file's name is malformed, the numbers have a
   *     gap, or there is no such file
   * @throws SchemaException if the directory or a file can't be read or isn't UTF-8, or a file
   *     breaks a rule as in {@link #fromClassPath}
   */
  public static AgentExtension fromDirectory(String name, Path directory) {
    requireName(name);
    requireNonNull(directory, "directory");
    List<String> files = sqlFiles(name, directory);
    requireNumbers(name, files);
    List<Script> scripts = new ArrayList<>();
    for (String file : files) {
      Path path = directory.resolve(file);
      scripts.add(Script.of(path.toString(), read(name, path)));
    }
    return of(name, scripts);
  }

  static AgentExtension of(String name, List<Script> scripts) {
    if (scripts.isEmpty()) {
      throw new IllegalArgumentException("extension " + name + " must have a file");
    }
    List<ExtensionVersion> templates = new ArrayList<>();
    Set<String> made = new LinkedHashSet<>();
    for (Script script : scripts) {
      ExtensionVersion template = ExtensionRules.check(name, templates.size() + 1, script, made);
      templates.add(template);
      made.addAll(template.tables());
      made.addAll(template.functions());
    }
    return new AgentExtension(name, templates);
  }

  private static void requireName(String name) {
    if (!NAME.matcher(requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException(
          "name must be 1 to 40 lower-case letters, digits and underscores, not '" + name + "'");
    }
    if (name.equals(RESERVED_NAME)) {
      throw new IllegalArgumentException(
          "name must not be '" + name + "', which is this library's own");
    }
  }

  private static void requireNumbers(String extension, List<String> files) {
    for (int version = 1; version <= files.size(); version++) {
      String file = files.get(version - 1);
      String number = String.format(Locale.ROOT, "%03d_", version);
      if (!file.startsWith(number) || !file.endsWith(".sql")) {
        throw new IllegalArgumentException(
            "file must be named %s….sql, because it is version %d of extension %s, not '%s'"
                .formatted(number, version, extension, file));
      }
    }
  }

  private static List<String> sqlFiles(String extension, Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(file -> file.endsWith(".sql"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(extension, directory, e);
    }
  }

  private static String read(String extension, Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(extension, file, e);
    }
  }

  private static SchemaException unreadable(String extension, Path path, IOException e) {
    return new SchemaException(
        Reason.INVALID_TEMPLATE,
        "Extension %s: cannot read %s (%s)."
            .formatted(extension, path, e.getClass().getSimpleName()),
        "Check the path, its rights, and that the files are UTF-8.",
        e);
  }

  private static String read(String extension, String path) {
    try (InputStream in = find(path)) {
      if (in == null) {
        throw new SchemaException(
            Reason.INVALID_TEMPLATE,
            "Extension " + extension + ": there is no file " + path + " on the class path.",
            "Check the folder and the file's name.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + " from the class path", e);
    }
  }

  /**
   * Threads of the JVM's own, such as the common pool's, have a context class loader that doesn't
   * see what is packed into a jar of jars.
   */
  private static @Nullable InputStream find(String path) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    InputStream found = context == null ? null : context.getResourceAsStream(path);
    return found == null ? AgentExtension.class.getClassLoader().getResourceAsStream(path) : found;
  }

  /**
   * The name of the extension.
   *
   * @return the name it was made with
   */
  public String name() {
    return name;
  }

  /**
   * The newest version.
   *
   * @return the number of files
   */
  public int version() {
    return templates.size();
  }

  List<ExtensionVersion> templates() {
    return templates;
  }

  /** Equal are extensions of the same name with the same files. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AgentExtension that
        && name.equals(that.name)
        && templates.equals(that.templates);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, templates);
  }

  /** Name and version. */
  @Override
  public String toString() {
    return "AgentExtension[" + name + " " + version() + "]";
  }
}
