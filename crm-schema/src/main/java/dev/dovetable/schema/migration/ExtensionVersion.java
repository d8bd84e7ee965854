package dev.dovetable.schema.migration;

import dev.dovetable.schema.internal.files.Script;
import java.util.List;

/**
 * A version of an extension: SQL for one agent, with placeholders.
 *
 * @param extension the name of the extension
 * @param version its number, from 1
 * @param script the file
 * @param names what stands in braces, but for the agent's id and prefix: the agent's own {@code
 *     {prefix}_name}
 * @param tables those of the names that it makes a table of
 * @param functions those of the names that it makes a function of
 * @param parts the statements that are run otherwise than the others
 */
record ExtensionVersion(
    String extension,
    int version,
    Script script,
    List<String> names,
    List<String> tables,
    List<String> functions,
    VersionParts parts) {

  ExtensionVersion {
    names = List.copyOf(names);
    tables = List.copyOf(tables);
    functions = List.copyOf(functions);
  }

  /** {@code appointments 2}. */
  String label() {
    return extension + " " + version;
  }
}
