package dev.dovetable.schema;

import dev.dovetable.rules.RoomRules;
import org.junit.jupiter.api.Test;

class RoomsTest {
  // Reading all class files takes a while: once for all tests.
  private static final RoomRules ROOMS = RoomRules.of("dev.dovetable.schema");

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    ROOMS.haveNoCycles();
  }

  @Test
  void soDoThoseOfTheTests() {
    ROOMS.haveNoCyclesInTests();
  }

  @Test
  void ofTheApiTheMachineryKnowsTheErrorsAlone() {
    ROOMS.internalKnowsOnly("errors");
  }

  @Test
  void theApiShowsNoMachinery() {
    ROOMS.exposeNothingInternal();
  }
}
