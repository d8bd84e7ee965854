package dev.dovetable.core.customers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.messages.FoundMessage;
import dev.dovetable.core.messages.MessageSearch;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.migration.AgentMigrations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Customers by their names and numbers, by an index that is built where there are rows. */
class CustomerWordsTest extends DatabaseTest {
  private static final PageRequest PAGE = PageRequest.first(100);
  private static TenantScope scope;

  @BeforeAll
  static void registerBehindRows() {
    scope = newTenant();
    for (String name :
        List.of("Ada Lovelace", "Zoë Müller-Lüdenscheidt", "محمد علي", "王小明", "O'Brien")) {
      scope.customers().create(new NewCustomer(name, "4917155512" + name.length()));
    }
    int ada = scope.customers().create(new NewCustomer("Ada", "+44 7700 900123")).id();
    scope.messages().recordInbound(ada, "Grüße");
    Thrown.refused(
        RefusedException.Reason.SEARCH_NOT_REGISTERED,
        () -> scope.customers().searchWords("Ada", PAGE));
    Thrown.refused(
        RefusedException.Reason.SEARCH_NOT_REGISTERED,
        () -> scope.messages().search("Ada", MessageSearch.everywhere(), PAGE));

    assertThat(
            AgentMigrations.builder(MessageSearch.extension())
                .schema(Installed.SCHEMA)
                .build()
                .run(database.dataSource())
                .failures())
        .isEmpty();
  }

  @Test
  void whatHoldsNoWordFindsNobody() {
    scope.customers().create(new NewCustomer("Room 0", "0"));
    for (String blank : List.of("", " ", "!?", "-", "()")) {
      assertThat(search(blank)).as(blank).isEmpty();
    }
    assertThat(search("0")).contains("Room 0");
  }

  private static List<String> search(String text) {
    return scope.customers().searchWords(text, PAGE).items().stream().map(Customer::name).toList();
  }

  @Test
  void byWordsOfTheirNames() {
    assertThat(search("ADA")).containsExactly("Ada", "Ada Lovelace");
    assertThat(search("ada love")).containsExactly("Ada Lovelace");
    assertThat(search("zoe mull")).containsExactly("Zoë Müller-Lüdenscheidt");
    assertThat(search("ludenscheidt")).containsExactly("Zoë Müller-Lüdenscheidt");
    assertThat(search("علي")).containsExactly("محمد علي");
    assertThat(search("小明")).containsExactly("王小明");
    assertThat(search("o'brien")).containsExactly("O'Brien");
    assertThat(search("nobody")).isEmpty();
    assertThat(search(" ")).isEmpty();
  }

  @Test
  void byPartsOfTheirNumbersHoweverWritten() {
    for (String number :
        List.of(
            "900123",
            "7700 900",
            "00447700900123",
            "+44 (7700) 900-123",
            "07700 900123",
            "700900")) {
      assertThat(search(number)).as(number).containsExactly("Ada");
    }
    assertThat(search("ada 900123")).containsExactly("Ada");
    assertThat(search("0171 55512")).hasSize(5);
    assertThat(search("999999")).isEmpty();
  }

  @Test
  void whatWasWrittenBeforeIsFoundAndTheDoctorContent() {
    assertThat(scope.messages().search("grusse", MessageSearch.everywhere(), PAGE).items())
        .extracting(FoundMessage::matches)
        .containsExactly(List.of(new FoundMessage.Match(0, 5)));
    assertThat(
            CrmDoctor.builder()
                .schema(Installed.SCHEMA)
                .build()
                .examine(database.dataSource())
                .findings())
        .isEmpty();
  }

  @Test
  void pageByPageThoseMadeLastFirst() {
    TenantScope crowd = newTenant();
    List<Integer> made =
        IntStream.range(0, 25)
            .mapToObj(i -> crowd.customers().create(new NewCustomer("Kim " + i, "1")).id())
            .toList();
    List<Integer> seen = new ArrayList<>();
    Optional<Cursor> after = Optional.empty();
    do {
      Page<Customer> page = crowd.customers().searchWords("kim", new PageRequest(10, after));
      page.items().forEach(customer -> seen.add(0, customer.id()));
      after = page.next();
    } while (after.isPresent());
    assertThat(seen).isEqualTo(made);
    Cursor other = crowd.customers().list(PageRequest.first(1)).next().orElseThrow();
    Thrown.invalid(
        InvalidDataException.Kind.CURSOR,
        () -> crowd.customers().searchWords("kim", PAGE.after(other)));
  }
}
