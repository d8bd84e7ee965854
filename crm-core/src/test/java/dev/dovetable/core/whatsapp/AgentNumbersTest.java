package dev.dovetable.core.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.RefusedException.Reason;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The business numbers of one agent. */
class AgentNumbersTest extends DatabaseTest {
  private Agent agent;
  private AgentNumbers numbers;
  private String number;

  @BeforeEach
  void makeAgent() {
    agent = newAgent();
    numbers = crm.as(Actor.user(agent.userId().orElseThrow())).whatsapp().numbers(agent.prefix());
    number = "number-of-" + agent.prefix();
  }

  @Test
  void theyAreListedRenamedPausedAndRemoved() {
    NumberDetails details = NumberDetails.none().displayNumber("+1 555").label("Repairs");
    AgentNumber added = numbers.add(number, details);
    assertThat(added).isEqualTo(new AgentNumber(number, details, true, Optional.empty()));
    assertThat(numbers.add(number, NumberDetails.none())).isEqualTo(added);

    NumberDetails renamed = details.label("Sales").businessAccountId("waba");
    assertThat(
            numbers.rename(number, NumberDetails.none().label("Sales").businessAccountId("waba")))
        .isEqualTo(new AgentNumber(number, renamed, true, Optional.empty()));
    assertThat(numbers.pause(number).active()).isFalse();
    assertThat(crm.asService().whatsapp().findByPhoneNumberId(number)).isEmpty();
    assertThat(numbers.list())
        .containsExactly(new AgentNumber(number, renamed, false, Optional.empty()));
    assertThat(numbers.resume(number).active()).isTrue();
    WhatsAppRoute route = crm.asService().whatsapp().findByPhoneNumberId(number).orElseThrow();
    assertThat(route.agent()).contains(agent);
    assertThat(route.config()).isEmpty();

    assertThat(numbers.remove(number)).isTrue();
    assertThat(numbers.remove(number)).isFalse();
    assertThat(numbers.list()).isEmpty();
  }

  @Test
  void oneIsMovedByAdminsAndTheService() {
    Agent other = newAgent();
    numbers.add(number, NumberDetails.none());
    assertThatThrownBy(() -> numbers.move(number, other.prefix()))
        .isInstanceOf(AccessDeniedException.class);
    AgentNumbers asAdmin = crm.as(Actor.user(admin.id())).whatsapp().numbers(agent.prefix());
    assertThat(asAdmin.move(number, other.prefix()).since()).isPresent();
    assertThat(numbers.list()).isEmpty();
    assertThat(crm.asService().whatsapp().findByPhoneNumberId(number).orElseThrow().agent())
        .contains(other);
    assertThatThrownBy(() -> asAdmin.move(number, other.prefix()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void whatCannotBeIsRefused() {
    Agent other = newAgent();
    crm.asService().whatsapp().numbers(other.prefix()).add(number, NumberDetails.none());
    Thrown.refused(Reason.PHONE_NUMBER_ID_TAKEN, () -> numbers.add(number, NumberDetails.none()));
    Thrown.invalid(Kind.MISSING, () -> numbers.add(" ", NumberDetails.none()));
    for (String id : new String[] {"1 ", "\u200b", "1\n"}) {
      Thrown.invalid(Kind.CHECK_VIOLATED, () -> numbers.add(id, NumberDetails.none()));
      Thrown.invalid(Kind.CHECK_VIOLATED, () -> WhatsAppConfigChanges.none().phoneNumberId(id));
      NewWhatsAppConfig config = NewWhatsAppConfig.of(admin.id(), "1", "x");
      Thrown.invalid(Kind.CHECK_VIOLATED, () -> config.phoneNumberId(id));
    }
    Thrown.invalid(Kind.MISSING, () -> WhatsAppConfigChanges.none().phoneNumberId("  "));
    Thrown.invalid(Kind.TOO_LONG, () -> NumberDetails.none().label("x".repeat(101)));
    assertThatThrownBy(() -> numbers.pause(number)).isInstanceOf(NotFoundException.class);
    AgentNumbers ofNobody = crm.asService().whatsapp().numbers("agt_nobody");
    assertThatThrownBy(ofNobody::list).isInstanceOf(UnknownAgentException.class);
    assertThatThrownBy(() -> ofNobody.add(number, NumberDetails.none()))
        .isInstanceOf(UnknownAgentException.class);
    assertThatThrownBy(
            () -> crm.asService().whatsapp().numbers(other.prefix()).move(number, "agt_nobody"))
        .isInstanceOf(UnknownAgentException.class)
        .hasMessageContaining("agt_nobody");
    assertThatThrownBy(
            () ->
                crm.as(Actor.user(agent.userId().orElseThrow()))
                    .whatsapp()
                    .numbers(other.prefix())
                    .list())
        .isInstanceOf(AccessDeniedException.class);
  }
}
