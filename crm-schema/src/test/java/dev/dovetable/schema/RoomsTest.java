package dev.dovetable.schema;

import dev.dovetable.rules.RoomRules;
import org.junit.jupiter.api.Test;

class RoomsTest {
  private final RoomRules rooms = RoomRules.of("dev.dovetable.schema");

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    rooms.haveNoCycles();
  }

  @Test
  void soDoThoseOfTheTests() {
    rooms.haveNoCyclesInTests();
  }

  @Test
  void noPackageIsCrowded() {
    rooms.haveAtMost(30);
  }

  @Test
  void ofTheApiTheMachineryKnowsTheErrorsAlone() {
    rooms.internalKnowsOnly("errors");
  }

  @Test
  void theApiShowsNoMachinery() {
    rooms.exposeNothingInternal();
  }
}
