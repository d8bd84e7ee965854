package dev.dovetable.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Target;
import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void keepsThreeDigits() {
    assertThat(Numbers.rounded(0.41234)).isEqualTo("0.412");
    assertThat(Numbers.rounded(29.96)).isEqualTo("30");
    assertThat(Numbers.rounded(130)).isEqualTo("130");
    assertThat(Numbers.value(123_456).toString()).isEqualTo("123000");
  }

  @Test
  void separatesThousands() {
    assertThat(Numbers.rounded(1_234_567)).isEqualTo("1\u202f230\u202f000");
    assertThat(Numbers.whole(10_000)).isEqualTo("10\u202f000");
    assertThat(Numbers.whole(999)).isEqualTo("999");
    assertThat(Numbers.rounded(0.0123456)).isEqualTo("0.0123");
  }

  @Test
  void comparesWithTargets() {
    assertThat(Target.ratioAtMost(1.3).isMetBy(1.3)).contains(true);
    assertThat(Target.ratioAtMost(1.3).isMetBy(1.31)).contains(false);
    assertThat(Target.ratioAtLeast(0.8).isMetBy(0.8)).contains(true);
    assertThat(Target.ratioAtLeast(0.8).isMetBy(0.79)).contains(false);
    assertThat(Target.below(300, "ms").isMetBy(300)).contains(false);
    assertThat(Target.none().isMetBy(5)).isEmpty();
    assertThat(Target.below(300, "ms")).hasToString("below 300 ms");
    assertThat(Target.ratioAtMost(1.05)).hasToString("at most 1.05 ×");
  }
}
