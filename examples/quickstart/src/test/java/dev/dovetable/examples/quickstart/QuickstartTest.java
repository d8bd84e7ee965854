package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The quickstart with its own callbacks, as a newcomer runs it. */
class QuickstartTest {

  private static Result result;

  @BeforeAll
  static void run() {
    result = Result.of();
  }

  @Test
  void endsWell() {
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("Done in ");
  }

  @Test
  void givesEachAgentTheirNumber() {
    assertThat(result.rows("Two agents.*"))
        .contains(
            List.of("agt_coffee", "Amara Osei", "+1 202 555 0110", "104590110000110"),
            List.of("agt_bikes", "Ben Castillo", "+1 202 555 0120", "104590120000120"));
  }

  @Test
  void bringsMessagesToTheAgentWhoseNumberTheyWereSentTo() {
    assertThat(result.rows("What WhatsApp sent, from 10 files"))
        .contains(
            List.of(
                "05-two-numbers.json", "agt_coffee", "Tom O'Brien", "Do you deliver to Boston? ☕"),
            List.of("agt_coffee", "Maria Lindqvist", "And a pack of paper filters, please."),
            List.of(
                "agt_bikes",
                "Maria Lindqvist",
                "Hi, my rear brake squeals. ⏎ Can you look at it this week?"),
            List.of("agt_bikes", "Tom O'Brien", "Please pick it up at the back door."));
  }

  @Test
  void storesNothingTwiceAndKeepsWhatIsNobodys() {
    assertThat(result.rows("The same files again.*"))
        .containsExactly(
            List.of("0 messages stored, 12 duplicates"),
            List.of("phone_number_id", "Reason"),
            List.of("104590190000190", "UNKNOWN_NUMBER"),
            List.of("News", "Field"),
            List.of("NUMBER", "phone_number_quality_update"));
  }

  @Test
  void bringsAStatusToTheMessageThatItCameBefore() {
    assertThat(result.rows("What WhatsApp sent, from 10 files"))
        .contains(List.of("07-status.json", "agt_coffee", "–", "[status] waits for its message"));
    assertThat(result.rows("Answers.*"))
        .contains(
            List.of("agt_coffee", "Maria Lindqvist", "DELIVERED at 2026-11-18 11:31:07"),
            List.of("agt_coffee", "Tom O'Brien", "nothing yet"));
  }

  @Test
  void listsConversationsByTheirLatestMessage() {
    assertThat(result.rows("Conversations of agt_coffee.*").stream().map(row -> row.get(0)))
        .containsExactly("Customer", "Tom O'Brien", "Maria Lindqvist");
    assertThat(result.rows("Conversations of agt_bikes.*"))
        .element(1)
        .isEqualTo(
            List.of(
                "Noor",
                "NL.71130924486652087513",
                "2026-11-18 12:35:00",
                "→ Thank you, Noor! I'll see to it. – Ben"));
  }

  @Test
  void showsATimelineByTheProvidersTimeNotByArrival() {
    assertThat(result.rows("Timeline of Maria Lindqvist with agt_coffee"))
        .containsExactly(
            List.of("Time (UTC)", "Message"),
            List.of(
                "2026-11-18 08:02:11",
                "← Good morning! Is the Guji natural back in? I'd take two bags."),
            List.of("2026-11-18 08:03:12", "← And a pack of paper filters, please."),
            List.of(
                "2026-11-18 08:03:40", "← [image] This is my grinder. Fine enough for espresso?"),
            List.of("2026-11-18 08:08:40", "→ Thank you, Maria! I'll see to it. – Amara"));
  }

  @Test
  void addsAnOrderUp() {
    assertThat(result.rows("Order \\d+ of Maria Lindqvist"))
        .containsExactly(
            List.of("Item", "Quantity", "Price", "Sum"),
            List.of("Guji natural, 250 g", "2", "14.50", "29.00"),
            List.of("Paper filters, 100", "1", "4.80", "4.80"),
            List.of("Grinder brush", "1", "6.00", "6.00"),
            List.of("Total", "39.80"),
            List.of("pending → confirmed → shipped"));
  }

  @Test
  void hasEveryAgentsTablesWithTheirRows() {
    assertThat(result.rows("Tables in schema public"))
        .contains(
            List.of("agt_bikes_customers", "3", "on"),
            List.of("agt_bikes_messages", "9", "on"),
            List.of("agt_bikes_orders", "0", "on"),
            List.of("agt_bikes_orders_items", "0", "on"),
            List.of("agt_coffee_customers", "2", "on"),
            List.of("agt_coffee_messages", "8", "on"),
            List.of("agt_coffee_orders", "2", "on"),
            List.of("agt_coffee_orders_items", "5", "on"),
            List.of("agt_coffee_whatsapp_deliveries", "8", "on"))
        .noneMatch(row -> row.contains("OFF"));
  }

  @Test
  void keepsOneAgentOutOfTheOthersTables() {
    assertThat(result.rows("What Amara Osei of agt_coffee can do in agt_bikes"))
        .containsExactly(
            List.of("Attempt", "Result"),
            List.of("read the customers", "0 of 3 rows"),
            List.of("read the messages", "0 of 9 rows"),
            List.of("rename the customers", "0 of 3 rows"),
            List.of("delete the messages", "0 of 9 rows"),
            List.of(
                "add a customer",
                "refused: new row violates row-level security policy for table"
                    + " \"agt_bikes_customers\""),
            List.of("open the prefix agt_bikes as oneself", "0 of 3 rows"));
  }

  @Test
  void printsWhatTheReadmeShows() {
    List<String> shown = Pages.blockAfter("mvn -q -ntp -pl examples/quickstart");

    assertThat(shown).hasSizeGreaterThan(11);
    assertThat(result.out().lines().map(QuickstartTest::withoutWhatVaries))
        .containsSubsequence(shown.stream().map(QuickstartTest::withoutWhatVaries).toList());
  }

  private static String withoutWhatVaries(String line) {
    return line.replaceAll("PostgreSQL \\S+ on port \\d+", "PostgreSQL … on port …")
        .replaceAll("in \\d+ ms", "in … ms")
        .replaceAll("in [\\d.]+ s;", "in … s;");
  }
}
