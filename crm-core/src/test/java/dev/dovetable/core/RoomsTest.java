package dev.dovetable.core;

import dev.dovetable.rules.RoomRules;
import org.junit.jupiter.api.Test;

class RoomsTest {
  // Reading all class files takes a while: once for all tests.
  private static final RoomRules ROOMS = RoomRules.of("dev.dovetable.core", "jooq");

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    ROOMS.haveNoCycles();
  }

  @Test
  void soDoThoseOfTheTests() {
    ROOMS.haveNoCyclesInTests();
  }

  @Test
  void nothingKnowsTheFrontDoor() {
    ROOMS.knowNoFrontDoor();
  }

  @Test
  void ofTheApiTheMachineryKnowsTheVocabularyAlone() {
    ROOMS.internalKnowsOnly("common", "jooq");
  }

  @Test
  void theApiShowsNoMachinery() {
    ROOMS.exposeNothingInternal(
        "agents.AgentMapper",
        "customers.CustomersByPhone",
        "fleet.AgentPlaces",
        "messages.MessageInsert",
        "messages.MessageMapper",
        "webhooks.WebhookSettings");
  }
}
