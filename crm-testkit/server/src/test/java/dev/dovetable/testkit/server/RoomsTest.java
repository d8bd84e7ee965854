package dev.dovetable.testkit.server;

import dev.dovetable.rules.RoomRules;
import org.junit.jupiter.api.Test;

class RoomsTest {
  private static final RoomRules ROOMS = RoomRules.of("dev.dovetable.testkit.server");

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    ROOMS.haveNoCycles();
  }

  @Test
  void soDoThoseOfTheTests() {
    ROOMS.haveNoCyclesInTests();
  }

  @Test
  void theApiShowsNoMachinery() {
    ROOMS.exposeNothingInternal();
  }
}
