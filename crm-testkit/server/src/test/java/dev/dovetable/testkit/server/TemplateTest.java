package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TemplateTest {

  private final AtomicInteger made = new AtomicInteger();
  private final Queue<Runnable> background = new ArrayDeque<>();

  @Test
  void nextCloneIsReadyBeforeItIsTaken() {
    Template template = new Template(() -> "c" + made.incrementAndGet(), background::add);
    assertThat(template.take()).isEqualTo("c1");
    assertThat(background).hasSize(1);
    background.remove().run();
    assertThat(made).hasValue(2);
    assertThat(template.take()).isEqualTo("c2");
    assertThat(made).hasValue(2);
  }

  @Test
  void cloneThatWasNotBegunIsMadeByTheTakerAndOnlyOnce() {
    Template template = new Template(() -> "c" + made.incrementAndGet(), background::add);
    template.take();
    assertThat(template.take()).isEqualTo("c2");
    background.remove().run();
    assertThat(made).hasValue(2);
  }

  @Test
  void failureInTheBackgroundShowsAtTheNextRequestAndOnlyThere() {
    Template template =
        new Template(
            () -> {
              if (made.incrementAndGet() == 2) {
                throw new PostgresServerException("no space");
              }
              return "c" + made;
            },
            background::add);
    template.take();
    background.remove().run();
    assertThatThrownBy(template::take)
        .isInstanceOf(PostgresServerException.class)
        .hasMessageContaining("no space");
    assertThat(template.take()).isEqualTo("c3");
  }

  @Test
  void manyTakersGetDifferentClones() throws InterruptedException {
    ExecutorService one = Executors.newSingleThreadExecutor();
    Template template = new Template(() -> "c" + made.incrementAndGet(), one);
    Set<String> taken = ConcurrentHashMap.newKeySet();
    ExecutorService takers = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 1000; i++) {
      takers.execute(() -> taken.add(template.take()));
    }
    takers.shutdown();
    assertThat(takers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    one.shutdown();
    assertThat(new HashSet<>(taken)).hasSize(1000);
  }
}
