package dev.dovetable.spring;

import dev.dovetable.rules.RoomRules;
import org.junit.jupiter.api.Test;

class RoomsTest {
  // Reading all class files takes a while: once for all tests.
  private static final RoomRules ROOMS = RoomRules.of("dev.dovetable.spring");

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    ROOMS.haveNoCycles();
  }

  @Test
  void soDoThoseOfTheTests() {
    ROOMS.haveNoCyclesInTests();
  }
}
