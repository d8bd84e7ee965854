package dev.dovetable.examples.benchmarks;

import dev.dovetable.rules.RoomRules;
import org.junit.jupiter.api.Test;

class RoomsTest {
  private static final RoomRules ROOMS = RoomRules.of("dev.dovetable.examples.benchmarks");

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    ROOMS.haveNoCycles();
  }

  @Test
  void soDoThoseOfTheTests() {
    ROOMS.haveNoCyclesInTests();
  }
}
