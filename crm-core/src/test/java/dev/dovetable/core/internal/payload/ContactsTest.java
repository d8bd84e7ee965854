package dev.dovetable.core.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ContactsTest {
  /** Of four people, of whom two have their numbers written in two ways. */
  private static final List<String> PHONES =
      List.of("5511987654321", "551187654321", "5215512345678", "525512345678", "4915112345678");

  private static final List<String> USER_IDS = List.of("DE.one", "DE.two", "DE.three");

  private final Random random = new Random(20261126);
  private final JsonMapper json = JsonMapper.shared();

  /** The first contact with the same user id or, where one of both has none, the same number. */
  @Test
  void theFirstContactThatIsTheSameIsMeant() {
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      ArrayNode contacts = json.createArrayNode();
      int count = 2 + random.nextInt(4);
      for (int contact = 0; contact < count; contact++) {
        ObjectNode node = contacts.addObject();
        oneOf(PHONES).ifPresent(phone -> node.put("wa_id", phone));
        oneOf(USER_IDS).ifPresent(id -> node.put("user_id", id));
        node.putObject("profile").put("name", "contact " + contact);
      }
      Optional<String> phone = oneOf(PHONES);
      Optional<String> userId = oneOf(USER_IDS);

      Optional<String> name =
          new Contacts(contacts).find(phone, userId, Optional.empty()).flatMap(Sender::name);

      assertThat(name)
          .as("%s, %s in %s", phone, userId, contacts)
          .isEqualTo(expected(contacts, phone, userId));
      found += name.isPresent() ? 1 : 0;
    }
    assertThat(found).isBetween(5_000, 19_000);
  }

  private static Optional<String> expected(
      ArrayNode contacts, Optional<String> phone, Optional<String> userId) {
    return contacts
        .valueStream()
        .filter(
            contact ->
                userId.isPresent() && contact.has("user_id")
                    ? contact.path("user_id").stringValue().equals(userId.get())
                    : phone.isPresent()
                        && contact.has("wa_id")
                        && PhoneKeys.of(contact.path("wa_id").stringValue())
                            .equals(PhoneKeys.of(phone.get())))
        .map(contact -> contact.path("profile").path("name").stringValue())
        .findFirst();
  }

  private Optional<String> oneOf(List<String> values) {
    int index = random.nextInt(values.size() + 1);
    return index == values.size() ? Optional.empty() : Optional.of(values.get(index));
  }
}
