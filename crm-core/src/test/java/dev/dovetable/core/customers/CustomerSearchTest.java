package dev.dovetable.core.customers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.users.UserRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Customers found by a part of their name or number, and counted. */
class CustomerSearchTest extends DatabaseTest {
  private TenantScope scope;

  @BeforeEach
  void openScope() {
    scope = newTenant();
    for (String name : List.of("Ada Lovelace", "100% Cotton", "under_score", "O'Brien", "Zoë\\!")) {
      scope.customers().create(new NewCustomer(name, "4915" + name.length()));
    }
    newTenant().customers().create(new NewCustomer("Ada of somebody else", "4915"));
  }

  @Test
  void byNameOrNumberWhateverTheCase() {
    assertThat(search("aDA")).containsExactly("Ada Lovelace");
    assertThat(search("zoË")).containsExactly("Zoë\\!");
    assertThat(search("491511")).containsExactly("under_score", "100% Cotton");
    assertThat(search("nobody")).isEmpty();
  }

  @Test
  void wildcardsAndQuotesAreText() {
    assertThat(search("%")).containsExactly("100% Cotton");
    assertThat(search("r_s")).containsExactly("under_score");
    assertThat(search("a_a")).isEmpty();
    assertThat(search("'")).containsExactly("O'Brien");
    assertThat(search("\\")).containsExactly("Zoë\\!");
    assertThat(search("!")).containsExactly("Zoë\\!");
    assertThat(search("!%")).isEmpty();
  }

  @Test
  void refusesWhatIsNoFragment() {
    PageRequest page = PageRequest.first(1);

    assertThatThrownBy(() -> scope.customers().search(" ", page))
        .isInstanceOf(InvalidDataException.class);
    assertThatThrownBy(() -> scope.customers().search("a\0b", page))
        .isInstanceOf(InvalidDataException.class);
    Cursor ofTheList = scope.customers().list(page).next().orElseThrow();
    assertThatThrownBy(() -> scope.customers().search("a", page.after(ofTheList)))
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void cursorsDoNotHoldTheFragment() {
    Cursor one = scope.customers().search("4915", PageRequest.first(2)).next().orElseThrow();
    Cursor other = scope.customers().search("491", PageRequest.first(2)).next().orElseThrow();

    assertThat(one).isEqualTo(other);
  }

  @Test
  void countsTheAgentsOwn() {
    assertThat(scope.customers().count()).isEqualTo(5);
    TenantScope asStranger =
        crm.as(Actor.user(newUser(UserRole.AGENT).id())).tenant(scope.prefix());
    assertThat(asStranger.customers().count()).isZero();
    assertThat(asStranger.customers().search("Ada", PageRequest.first(1)).items()).isEmpty();
  }

  private List<String> search(String fragment) {
    List<String> names = new ArrayList<>();
    Optional<Cursor> after = Optional.empty();
    do {
      Page<Customer> page = scope.customers().search(fragment, new PageRequest(1, after));
      page.items().forEach(customer -> names.add(customer.name()));
      after = page.next();
    } while (after.isPresent());
    return names;
  }
}
