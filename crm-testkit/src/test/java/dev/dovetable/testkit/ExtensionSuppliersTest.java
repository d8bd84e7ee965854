package dev.dovetable.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.migration.AgentExtension;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.Events;

/** That what is wrong with a class in {@link CrmTest#extensions()} is told. */
class ExtensionSuppliersTest {
  @Test
  void extensionsThatCannotBeMadeAreToldSo() {
    assertThat(messages(CrmTestTest.run(WithoutExtension.class)))
        .contains("NoExtension.get() gave null");
    assertThat(messages(CrmTestTest.run(WithNestedExtension.class))).contains("make it static");
  }

  private static String messages(Events events) {
    return events.failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> result.getThrowable().orElseThrow().getMessage())
        .toList()
        .toString();
  }

  static class NoExtension implements Supplier<AgentExtension> {
    @Override
    public AgentExtension get() {
      return null;
    }
  }

  class NestedExtension extends NoExtension {}

  @CrmTest(extensions = NoExtension.class)
  static class WithoutExtension {
    @Test
    void is(CrmDatabase database) {}
  }

  @CrmTest(extensions = NestedExtension.class)
  static class WithNestedExtension {
    @Test
    void is(CrmDatabase database) {}
  }
}
