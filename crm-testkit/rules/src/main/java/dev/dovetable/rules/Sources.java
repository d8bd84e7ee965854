package dev.dovetable.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What only sources tell: no class file holds Javadoc. */
final class Sources {
  private static final String MARK = "/\\*\\*[\\s*]*Internal\\b";
  private static final String REST = "(?:(?!\\*/)[\\s\\S])*";

  private Sources() {}

  /** How many constructors' Javadoc begins with "Internal". */
  static long constructorsMarkedInternal(JavaClass type) {
    Pattern marked =
        Pattern.compile(
            MARK + REST + "\\*/\\s*(?:public|protected) " + type.getSimpleName() + "\\(");
    return marked.matcher(of(type)).results().count();
  }

  /** Whether the class's own Javadoc begins with "Internal:" and leaves it out of the pages. */
  static boolean isMarkedInternal(JavaClass type) {
    Pattern marked =
        Pattern.compile(
            "(?m)"
                + MARK
                + ':'
                + REST
                + "@hidden"
                + REST
                + "\\*/\\s*(?:@\\S+\\s+)*public [a-z ]*(?:class|record|interface|enum) "
                + type.getSimpleName()
                + "\\b");
    return marked.matcher(of(type)).find();
  }

  static String topLevelName(JavaClass type) {
    return type.getFullName().replaceFirst("\\$.*", "");
  }

  private static String of(JavaClass type) {
    String file = topLevelName(type).replace('.', '/') + ".java";
    try {
      return Files.readString(Path.of("src", "main", "java").resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
