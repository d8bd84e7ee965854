package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackgroundTest {
  private static final int MANY = 32;

  @Test
  void nobodyKeepsAnotherFromBeginning() throws Exception {
    CyclicBarrier all = new CyclicBarrier(MANY);
    List<CompletableFuture<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      waiting.add(Background.call(() -> all.await(1, TimeUnit.MINUTES)));
    }

    List<Integer> arrived = new ArrayList<>();
    for (CompletableFuture<Integer> one : waiting) {
      arrived.add(one.get(1, TimeUnit.MINUTES));
    }
    assertThat(arrived).hasSize(MANY).doesNotHaveDuplicates();
  }

  @Test
  void whatIsThrownArrives() throws Exception {
    assertThatThrownBy(() -> Background.call(BackgroundTest::fail).get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> Background.run(BackgroundTest::fail).get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(IOException.class);
    assertThat(Background.run(() -> {}).get(1, TimeUnit.MINUTES)).isNull();
  }

  private static Object fail() throws IOException {
    throw new IOException("as the test wants it");
  }
}
