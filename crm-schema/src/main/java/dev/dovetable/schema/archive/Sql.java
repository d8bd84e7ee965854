package dev.dovetable.schema.archive;

import dev.dovetable.schema.internal.files.Resources;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL in which names stand that the server has quoted. */
final class Sql {
  private static final Pattern SLOT = Pattern.compile("\\{(\\w+)\\}");

  private Sql() {}

  static String read(String file) {
    return Resources.read("archive/" + file);
  }

  /** In one pass, so that a name is taken for no slot. */
  static String fill(String file, Map<String, String> names) {
    return SLOT.matcher(read(file))
        .replaceAll(
            slot -> Matcher.quoteReplacement(names.getOrDefault(slot.group(1), slot.group())));
  }
}
