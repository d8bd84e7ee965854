package dev.dovetable.core.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.users.UserRole;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WhatsAppConfigRepositoryTest extends DatabaseTest {
  private static NewWhatsAppConfig config(UUID user) {
    return NewWhatsAppConfig.of(user, "4930123456", "https://example.com/hook");
  }

  private static WhatsAppConfig saved(UUID user, String phoneNumberId) {
    return crm.asService()
        .whatsapp()
        .save(
            config(user)
                .apiKey("key")
                .businessAccountId("account")
                .phoneNumberId(phoneNumberId)
                .verifyToken("token"));
  }

  @Test
  void savedConfigurationIsFound() {
    UUID user = newUser(UserRole.AGENT).id();
    assertThat(crm.asService().whatsapp().find(user)).isEmpty();

    WhatsAppConfig saved = saved(user, "saved-1");

    assertThat(saved.apiKey()).contains("key");
    assertThat(saved.businessAccountId()).contains("account");
    assertThat(saved.verifyToken()).contains("token");
    assertThat(saved.active()).isTrue();
    assertThat(crm.asService().whatsapp().find(user)).contains(saved);
  }

  @Test
  void onlyWhatIsChangedChanges() {
    UUID user = newUser(UserRole.AGENT).id();
    WhatsAppConfig saved = saved(user, "saved-2");

    WhatsAppConfig changed =
        crm.asService()
            .whatsapp()
            .update(user, WhatsAppConfigChanges.none().whatsappNumber("1").apiKey("new"));

    assertThat(changed.whatsappNumber()).isEqualTo("1");
    assertThat(changed.apiKey()).contains("new");
    assertThat(changed.webhookUrl()).isEqualTo(saved.webhookUrl());
    assertThat(changed.phoneNumberId()).contains("saved-2");
    assertThat(changed.updatedAt()).isAfter(saved.updatedAt());
  }

  @Test
  void deletingDeactivatesUntilItIsActivatedAgain() {
    WhatsAppConfigRepository whatsapp = crm.asService().whatsapp();
    UUID user = newUser(UserRole.AGENT).id();
    saved(user, "saved-3");

    assertThat(whatsapp.delete(user)).isTrue();
    assertThat(whatsapp.delete(user)).isFalse();
    assertThat(whatsapp.find(user)).isEmpty();
    assertThat(whatsapp.findByPhoneNumberId("saved-3")).isEmpty();
    assertThat(whatsapp.update(user, WhatsAppConfigChanges.none().active(true)).active()).isTrue();
  }

  @Test
  void savedAgainItIsTheSameWithItsKeyNumberAndToken() {
    UUID user = newUser(UserRole.AGENT).id();
    WhatsAppConfig saved = saved(user, "saved-4");

    WhatsAppConfig again = crm.asService().whatsapp().save(config(user));

    assertThat(again.id()).isEqualTo(saved.id());
    assertThat(again.apiKey()).contains("key");
    assertThat(again.phoneNumberId()).contains("saved-4");
    assertThat(again.verifyToken()).contains("token");
  }

  @Test
  void callbacksAreRoutedByPhoneNumberId() {
    Agent agent = newAgent();
    UUID user = agent.userId().orElseThrow();
    UUID lonely = newUser(UserRole.AGENT).id();
    WhatsAppConfig config = crm.asService().whatsapp().save(config(user).phoneNumberId("route-1"));
    crm.asService().whatsapp().save(config(lonely).phoneNumberId("route-2"));

    assertThat(crm.asService().whatsapp().findByPhoneNumberId("route-1"))
        .contains(
            new WhatsAppRoute(
                new AgentNumber(
                    "route-1",
                    NumberDetails.none().displayNumber(config.whatsappNumber()),
                    true,
                    Optional.empty()),
                Optional.of(config),
                Optional.of(agent)));
    assertThat(crm.asService().whatsapp().findByPhoneNumberId("route-2").orElseThrow().agent())
        .isEmpty();
    assertThat(crm.asService().whatsapp().findByPhoneNumberId("route-3")).isEmpty();
  }

  @Test
  void aNumberIsOneAgentsUntilItIsGivenUp() {
    UUID holder = newAgent().userId().orElseThrow();
    UUID other = newUser(UserRole.AGENT).id();
    WhatsAppConfigRepository whatsapp = crm.asService().whatsapp();
    whatsapp.save(config(holder).phoneNumberId("held"));
    whatsapp.save(config(other));
    for (boolean active : new boolean[] {true, false}) {
      whatsapp.update(holder, WhatsAppConfigChanges.none().active(active));
      assertThatThrownBy(() -> whatsapp.save(config(other).phoneNumberId("held")))
          .isInstanceOfSatisfying(
              RefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.PHONE_NUMBER_ID_TAKEN))
          .hasMessageContaining("numbers(prefix)")
          .message()
          .doesNotContain("held", holder.toString());
      Thrown.refused(
          RefusedException.Reason.PHONE_NUMBER_ID_TAKEN,
          () -> whatsapp.update(other, WhatsAppConfigChanges.none().phoneNumberId("held")));
    }
    crm.as(Actor.user(holder))
        .whatsapp()
        .update(holder, WhatsAppConfigChanges.none().withoutPhoneNumberId());
    assertThat(whatsapp.find(holder)).isEmpty(); // still paused
    assertThat(whatsapp.save(config(other).phoneNumberId("held")).phoneNumberId()).contains("held");
  }

  @Test
  void unknownUsersHaveNone() {
    UUID nobody = UUID.randomUUID();
    Thrown.refused(
        RefusedException.Reason.UNKNOWN_USER,
        () -> crm.asService().whatsapp().save(config(nobody)));
    assertThatThrownBy(
            () -> crm.asService().whatsapp().update(nobody, WhatsAppConfigChanges.none()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void valuesThatDoNotFitAreRefusedWhereTheyAreSet() {
    UUID user = UUID.randomUUID();
    Thrown.invalid(Kind.TOO_LONG, () -> NewWhatsAppConfig.of(user, "1".repeat(21), "x"));
    Thrown.invalid(Kind.MISSING, () -> NewWhatsAppConfig.of(user, "1", ""));
    Thrown.invalid(Kind.TOO_LONG, () -> config(user).phoneNumberId("1".repeat(101)));
    Thrown.invalid(Kind.TOO_LONG, () -> NewWhatsAppConfig.of(user, "1", "x".repeat(2001)));
    Thrown.invalid(Kind.TOO_LONG, () -> config(user).apiKey("x".repeat(4001)));
    Thrown.invalid(Kind.TOO_LONG, () -> config(user).verifyToken("x".repeat(1001)));
    Thrown.invalid(Kind.TOO_LONG, () -> WhatsAppConfigChanges.none().verifyToken("x".repeat(1001)));
    Thrown.invalid(Kind.MISSING, () -> WhatsAppConfigChanges.none().whatsappNumber(" "));
  }

  @Test
  void usersManageTheirOwnOnly() {
    UUID own = newUser(UserRole.AGENT).id();
    UUID other = newUser(UserRole.AGENT).id();
    crm.asService().whatsapp().save(config(other).apiKey("secret"));
    WhatsAppConfigRepository whatsapp = crm.as(Actor.user(own)).whatsapp();

    WhatsAppConfig mine = whatsapp.save(config(own).apiKey("mine"));
    assertThat(whatsapp.find(own)).contains(mine);
    assertThatThrownBy(() -> whatsapp.find(other)).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> whatsapp.save(config(other)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> whatsapp.findByPhoneNumberId("x"))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> whatsapp.list(PageRequest.first(9)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(crm.as(Actor.user(admin.id())).whatsapp().find(other)).isPresent();
  }

  @Test
  void listHoldsActiveAndInactive() {
    UUID user = newUser(UserRole.AGENT).id();
    WhatsAppConfig saved = crm.asService().whatsapp().save(config(user));
    crm.asService().whatsapp().delete(user);
    assertThat(crm.asService().whatsapp().list(PageRequest.first(1000)).items())
        .anySatisfy(
            listed -> {
              assertThat(listed.id()).isEqualTo(saved.id());
              assertThat(listed.active()).isFalse();
            });
  }

  @Test
  void textFormsShowNoSecrets() {
    UUID user = newUser(UserRole.AGENT).id();
    NewWhatsAppConfig wanted = config(user).apiKey("s3cret-key").verifyToken("s3cret-token");
    WhatsAppConfigChanges changes =
        WhatsAppConfigChanges.none().apiKey("s3cret-key").verifyToken("s3cret-token");
    WhatsAppConfig saved = crm.asService().whatsapp().save(wanted);
    assertThat(wanted + " " + changes + " " + saved).doesNotContain("s3cret");
  }
}
