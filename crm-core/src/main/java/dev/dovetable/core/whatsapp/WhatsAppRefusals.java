package dev.dovetable.core.whatsapp;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.schema.errors.CrmException;

/** What it means that a function refused a configuration or a number. */
final class WhatsAppRefusals {
  private WhatsAppRefusals() {}

  /** Not whose it is: whoever asks need not know. */
  static CrmException takenNumber() {
    return new RefusedException(
        RefusedException.Reason.PHONE_NUMBER_ID_TAKEN,
        "Another agent has the phone number id, active or paused.",
        "Have that agent's user give it up first: crm.as(…).whatsapp().numbers(prefix).remove(…);"
            + " or an admin move it: numbers(prefix).move(…).");
  }

  static CrmException invalid(String what, String message) {
    return new InvalidDataException(
        InvalidDataException.Kind.CHECK_VIOLATED,
        "The " + what + " was refused: " + message + ".",
        "Pass another value.");
  }
}
