package dev.dovetable.examples.cli;

import dev.dovetable.rules.RoomRules;
import org.junit.jupiter.api.Test;

class RoomsTest {
  private static final RoomRules ROOMS = RoomRules.of("dev.dovetable.examples.cli");

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    ROOMS.haveNoCycles();
  }

  @Test
  void soDoThoseOfTheTests() {
    ROOMS.haveNoCyclesInTests();
  }
}
