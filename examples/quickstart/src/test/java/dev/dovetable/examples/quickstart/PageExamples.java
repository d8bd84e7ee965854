package dev.dovetable.examples.quickstart;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.CustomerAddresses;
import dev.dovetable.core.customers.CustomerMerge;
import dev.dovetable.core.deliveries.Delivery;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.deliveries.MessageDetails;
import dev.dovetable.core.deliveries.TimelineMessage;
import dev.dovetable.core.jooq.Tables;
import dev.dovetable.core.jooq.tables.WhatsappDeliveries;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.users.User;
import dev.dovetable.core.webhooks.UnroutedWebhook;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.AgentNumbers;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.core.whatsapp.NumberDetails;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import dev.dovetable.core.whatsapp.WhatsAppRoute;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.DoctorReport;
import dev.dovetable.schema.doctor.RepairReport;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrationReport;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.schema.migration.RegisteredVersions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The Java of the other pages. {@link PageExamplesTest} runs it, {@link PagesTest} compares it with
 * the pages.
 */
final class PageExamples {
  private final Crm crm;
  private final ActorScope service;
  private final TenantScope shop;
  private final User ben;

  /** What the examples print, and where exports go. */
  final List<Object> output = new ArrayList<>();

  PageExamples(Crm crm, TenantScope shop, User ben) {
    this.crm = crm;
    this.service = crm.asService();
    this.shop = shop;
    this.ben = ben;
  }

  Optional<WhatsAppRoute> whatsapp() {
    // docs/webhooks.md begins
    service
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(ben.id(), "13125550199", "https://crm.example/hook")
                .phoneNumberId("104590110000110"));
    service.whatsapp().update(ben.id(), WhatsAppConfigChanges.none().verifyToken("a long secret"));
    Optional<WhatsAppRoute> route = service.whatsapp().findByPhoneNumberId("104590110000110");
    String prefix = route.flatMap(WhatsAppRoute::agent).map(Agent::prefix).orElseThrow();
    AgentNumbers numbers = service.whatsapp().numbers(prefix);
    numbers.add("104590110000111", NumberDetails.none().label("Repairs"));
    numbers.pause("104590110000111");
    service.whatsapp().delete(ben.id()); // deactivates it; save(…) brings it back
    // ends
    output.add(prefix);
    return route;
  }

  Optional<DeliveryState> webhooks(DataSource dataSource, Request request, String wamid) {
    byte[] body = request.body();
    String signatureHeader = request.signature();
    Customer maria = shop.customers().findOrCreateByPhone("13125550142", "Maria");
    // docs/webhooks.md begins
    AgentMigrations.of(Webhooks.extension()).run(dataSource); // at every start
    WebhookReport report = crm.webhooks().receive(body, signatureHeader);
    int answer = report.httpStatus(); // if it is 500, WhatsApp sends the body again
    Message sent = shop.deliveries().record(NewMessage.outbound(maria.id(), "It's ready."), wamid);
    Optional<DeliveryState> state = shop.deliveries().find(sent.id()).flatMap(Delivery::state);
    for (UnroutedWebhook kept : crm.webhooks().unrouted(PageRequest.first(50)).items()) {
      output.add(kept.reason()); // UNKNOWN_NUMBER: webhooks().replay(…) once that is mended
    }
    crm.webhooks().purge(Duration.ofDays(30));
    crm.webhooks().news().purge(Duration.ofDays(90));
    // ends
    output.add(answer);
    // docs/webhooks.md begins
    CustomerAddresses known = shop.customers().addresses(maria.id()).orElseThrow();
    if (!known.followsName()) {
      shop.customers().follow(maria.id()); // gives name and phone back to what messages tell
    }
    for (CustomerMerge merge : shop.customers().merges().of(maria.id())) {
      shop.customers().merges().undo(merge.lostId()); // kept apart from then on
    }
    // ends
    // docs/webhooks.md begins
    PageRequest newest = PageRequest.first(50);
    for (TimelineMessage shown : shop.deliveries().timeline(maria.id(), newest).items()) {
      String ticks = shown.delivery().flatMap(Delivery::state).map(Enum::name).orElse("");
      String answered = shown.quoted().map(quoted -> "> " + quoted.text() + "\n").orElse("");
      Optional<String> file = shown.details().flatMap(MessageDetails::mediaId);
      output.add(answered + shown.text() + file.map(" "::concat).orElse("") + " " + ticks);
    }
    // ends
    // docs/webhooks.md begins
    WhatsappDeliveries deliveries = shop.table(Tables.WHATSAPP_DELIVERIES);
    int images = shop.dsl().fetchCount(deliveries, deliveries.KIND.eq("image"));
    // ends
    output.add(images + " images");
    return state;
  }

  /** What comes to the webhook. */
  record Request(byte[] body, String signature) {}

  AgentMigrationReport migrations(DataSource dataSource) {
    // docs/extensions.md begins
    AgentExtension appointments =
        AgentExtension.fromClassPath(
            "appointments", "db/appointments", "001_create_appointments.sql");
    AgentMigrationReport report = AgentMigrations.of(appointments).run(dataSource);
    report.failures().forEach(failure -> output.add(failure.prefix() + ": " + failure.error()));
    // ends
    return report;
  }

  void takeBack(DataSource dataSource, AgentExtension appointments) {
    // docs/extensions.md begins
    RegisteredVersions versions = RegisteredVersions.in("public");
    versions.withdraw(dataSource, "appointments", 2);
    versions.replace(dataSource, appointments);
    // ends
  }

  DoctorReport doctor(DataSource dataSource) {
    // docs/operations.md begins
    CrmDoctor doctor = CrmDoctor.create();
    DoctorReport health = doctor.examine(dataSource);
    health.findings().forEach(finding -> output.add(finding.code() + ": " + finding.problem()));
    RepairReport repairs = doctor.repair(dataSource, health);
    // ends
    return repairs.failures().isEmpty() ? doctor.examine(dataSource) : health;
  }

  Message errors(int customerId) throws InterruptedException {
    // docs/errors.md begins
    Message answer = null;
    for (int attempt = 1; answer == null; attempt++) {
      try {
        answer = shop.messages().recordOutbound(customerId, "On its way!");
      } catch (DatabaseException e) {
        if (!e.isRetryable() || attempt == 3) {
          throw e;
        }
        Thread.sleep(100L * attempt);
      }
    }
    // ends
    return answer;
  }

  static Crm roles(DataSource owner, DataSource webPool, DataSource jobsPool, String appSecret) {
    // docs/operations.md begins
    // At the deployment, as crm_owner:
    CrmSchema.builder().loginRole("crm_jobs").build().install(owner);
    AgentMigrations.of(Webhooks.extension()).run(owner);

    // In the application:
    Crm crm =
        Crm.builder(webPool) // crm_web: as(…), requests of signed-in users
            .serviceDataSource(jobsPool) // crm_jobs: asService(), asAgent(…), webhooks()
            .webhookSecrets(appSecret)
            .build();
    // ends
    return crm;
  }

  static Crm settings(DataSource dataSource, String appSecret) {
    // docs/operations.md begins
    Crm crm =
        Crm.builder(dataSource)
            .schema("public")
            .statementTimeout(Duration.ofSeconds(10))
            .lockTimeout(Duration.ofSeconds(2))
            .webhookSecrets(appSecret)
            .build();
    // ends
    return crm;
  }
}
