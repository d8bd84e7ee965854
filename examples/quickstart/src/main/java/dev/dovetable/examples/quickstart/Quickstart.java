package dev.dovetable.examples.quickstart;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.install.InstallReport;
import dev.dovetable.testkit.server.PostgresServerException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Starts a PostgreSQL, installs the schema, takes callbacks for two agents in, and shows what
 * became of them.
 */
public final class Quickstart {

  private static final List<BusinessNumber> SPARE_NUMBERS =
      List.of(
          new BusinessNumber("104590110000110", "12025550110"),
          new BusinessNumber("104590120000120", "12025550120"));

  private final Options options;
  private final Console console;

  private Quickstart(Options options, PrintStream out) {
    this.options = options;
    this.console = new Console(out);
  }

  /**
   * Runs the quickstart; ends the JVM with status 1 if it fails.
   *
   * @param arguments {@code --keep} and a folder of bodies, both optional
   */
  public static void main(String... arguments) {
    // Not System.out: in the C locale of containers that turns everything but ASCII into "?".
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    int status = run(out, err, arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  static int run(PrintStream out, PrintStream err, String... arguments) {
    try {
      new Quickstart(Options.parse(arguments), out).run();
      return 0;
    } catch (QuickstartException | CrmException | PostgresServerException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  private void run() {
    long started = System.nanoTime();
    List<WebhookRequest> requests =
        WebhookRequest.readAll(options.folder().orElseGet(WebhookRequest::ownFolder));
    console.title("Dovetable quickstart");
    try (Database database = Database.start(options.keep())) {
      show(database);
      tour(Crm.builder(database.pool()).webhookSecrets(WhatsApp.APP_SECRET).build(), requests);
      console.line("");
      if (options.keep()) {
        showHowToLookAround(database);
      } else {
        console.line(
            String.format(
                Locale.ROOT,
                "Done in %.1f s; the server is gone. With --keep it stays, to look around in psql.",
                (System.nanoTime() - started) / 1e9));
      }
    }
  }

  private void tour(Crm crm, List<WebhookRequest> requests) {
    List<Shop> shops = Shop.openAll(crm, numbers(requests));
    Shop first = shops.get(0);
    Tour tour = new Tour(crm, console);
    tour.showShops(shops);
    tour.takeIn(requests);
    tour.takeInAgain(requests);
    tour.answer(shops);
    shops.forEach(tour::showConversations);
    List<Customer> customers = first.scope().customers().list(PageRequest.first(100)).items();
    if (!customers.isEmpty()) {
      Customer oldest = customers.get(customers.size() - 1);
      tour.showTimeline(first, oldest);
      tour.order(first, oldest);
    }
    Inspection inspection = new Inspection(crm, console);
    inspection.showTables(first);
    inspection.showIsolation(first, shops.get(1));
  }

  /** The numbers that the callbacks are for, in the order of their appearance; at least two. */
  private static List<BusinessNumber> numbers(List<WebhookRequest> requests) {
    Map<String, BusinessNumber> byId = new LinkedHashMap<>();
    requests.stream()
        .flatMap(request -> BusinessNumber.in(request.body()).stream())
        .forEach(number -> byId.putIfAbsent(number.id(), number));
    SPARE_NUMBERS.forEach(number -> byId.putIfAbsent(number.id(), number));
    return List.copyOf(byId.values());
  }

  private void show(Database database) {
    InstallReport report = database.report();
    console.section("PostgreSQL " + database.version() + " on port " + database.port());
    console.line(
        "schema version %d installed in %d ms: %s"
            .formatted(
                report.version(),
                report.duration().toMillis(),
                Text.count(report.steps().size(), "file")));
    console.line(
        "the application logs in as %s, no superuser: row level security applies to it"
            .formatted(database.role()));
  }

  private void showHowToLookAround(Database database) {
    console.line("The server goes on. Look around:");
    console.line("  psql   " + database.psqlCommand());
    console.line("  JDBC   " + database.jdbcUrl());
    console.line("  stop   " + database.stopCommand());
  }
}
