package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what the doctor finds, on the page for operators. */
class DoctorCodesTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[A-Z_`, ]+`) \\| [^|]+ \\|$");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  @Test
  void namesEveryCodeInOrder() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "operations.md"));
    String section = page.split("\n## The doctor\n")[1].split("\n## ")[0];
    List<String> codes =
        ROW.matcher(section)
            .results()
            .flatMap(row -> CODE.matcher(row.group(1)).results())
            .map(code -> code.group(1))
            .toList();

    assertThat(codes).isEqualTo(Stream.of(Finding.Code.values()).map(Enum::name).toList());
  }
}
