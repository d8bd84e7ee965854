package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.deliveries.Delivery;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.deliveries.MessageDetails;
import dev.dovetable.core.deliveries.MessageDetails.Participant;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What messages and statuses mean. Apostrophes stand for quotation marks. */
class WebhookMeaningTest extends ToldTest {
  @Test
  void messagesOfOneSecondKeepTheirOrderInTheBody() {
    tell(
        "'messages':[%s,%s,%s]"
            .formatted(text("c", ADA, 7, "1"), text("a", ADA, 7, "2"), text("b", ADA, 7, "3")));

    assertThat(shop.scope().messages().timelineOldestFirst(customer(ADA).id(), PAGE).items())
        .extracting(Message::text)
        .containsExactly("1", "2", "3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"place first", "file first", "together", "file and place in one"})
  void aFileOfThePastComesTogetherWithItsPlaceInTheChat(String order) {
    String place =
        change(
            "history",
            "'history':[{'threads':[{'id':'%s','messages':[{'from':'%s','id':'wamid.M','timestamp':'20',"
                    .formatted(ADA, OWN)
                + "'type':'media_placeholder','history_context':{'status':'PLAYED'}}]}]}]");
    String file =
        change(
            "history",
            "'messages':["
                + of(
                    "wamid.M",
                    "16175550167",
                    10,
                    "image",
                    "{'id':'9001','caption':'Cactus','mime_type':'image/jpeg'}")
                + "]");
    String[] bodies =
        switch (order) {
          case "place first" -> new String[] {place, file};
          case "file first" -> new String[] {file, place};
          case "together" -> new String[] {place + "," + file};
          default -> new String[] {file + "," + place};
        };
    for (int round = 0; round < 2; round++) {
      for (String each : bodies) {
        receive(("{'entry':[{'id':'1','changes':[" + each + "]}]}").replace('\'', '"'));
      }
    }

    Message message = message("wamid.M");
    assertThat(message.customerId()).isEqualTo(customer(ADA).id());
    assertThat(message.direction()).isEqualTo(MessageDirection.OUTBOUND);
    assertThat(message.timestamp()).isEqualTo(Instant.ofEpochSecond(20));
    assertThat(message.text()).isEqualTo("[image] Cactus");
    MessageDetails details = shop.scope().deliveries().details(message.id()).orElseThrow();
    assertThat(details.kind()).isEqualTo("image");
    assertThat(details.mediaId()).contains("9001");
    assertThat(delivery("wamid.M").times())
        .isEqualTo(Map.of(DeliveryState.PLAYED, Instant.ofEpochSecond(20)));
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(1);
  }

  @Test
  void aGroupIsAConversationOfItsOwn() {
    String group = "Y2FwaV9ncm91cDox";
    tell("'messages':[%s]".formatted(text("wamid.1", ADA, 1, "In private")));
    tell(
        "'contacts':[{'profile':{'name':'Ada'},'wa_id':'%s','user_id':'US.1'}],'messages':[%s]"
            .formatted(
                ADA,
                text("wamid.2", ADA, 2, "In the group")
                    .replace("'id'", "'group_id':'" + group + "','id'")));
    receive(
        body(
            "smb_message_echoes",
            "'message_echoes':["
                + text("wamid.3", OWN, 3, "To the group")
                    .replace("'id'", "'to':'" + group + "','id'")
                + "]"));

    assertThat(message("wamid.2").customerId()).isEqualTo(customer(group).id());
    assertThat(message("wamid.3").customerId()).isEqualTo(customer(group).id());
    assertThat(message("wamid.1").customerId()).isEqualTo(customer(ADA).id());
    assertThat(
            shop.scope().deliveries().details(message("wamid.2").id()).orElseThrow().participant())
        .contains(new Participant(Optional.of(ADA), Optional.of("US.1"), Optional.of("Ada")));
    assertThat(shop.scope().customers().count()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void editsRevocationsAndReactionsAreTheStateOfTheirMessage(boolean backwards) {
    List<String> told =
        List.of(
            text("wamid.1", ADA, 1, "Gren"),
            of(
                "wamid.2",
                ADA,
                2,
                "edit",
                "{'original_message_id':'wamid.1','message':{'type':'text','text':{'body':'Green'}}}"),
            of(
                "wamid.3",
                ADA,
                2,
                "edit",
                "{'original_message_id':'wamid.1','message':{'type':'text','text':{'body':'Green!'}}}"),
            of("wamid.4", ADA, 3, "reaction", "{'message_id':'wamid.1','emoji':'1'}"),
            of("wamid.5", ADA, 4, "reaction", "{'message_id':'wamid.1','emoji':'2'}"),
            text("wamid.6", ADA, 5, "Oops"),
            of("wamid.7", ADA, 6, "revoke", "{'original_message_id':'wamid.6'}"),
            of("wamid.8", ADA, 7, "reaction", "{'message_id':'wamid.6','emoji':'3'}"),
            of("wamid.9", ADA, 8, "reaction", "{'message_id':'wamid.6'}"),
            // Somebody else's changes nothing.
            of(
                "wamid.x",
                "16175550167",
                9,
                "edit",
                "{'original_message_id':'wamid.1','message':{'type':'text','text':{'body':'!'}}}"));
    if (backwards) {
      for (int i = told.size() - 1; i >= 3; i--) {
        tell("'messages':[" + told.get(i) + "]");
      }
      tell("'messages':[" + String.join(",", told.subList(0, 3)) + "]");
    } else {
      tell("'messages':[" + String.join(",", told) + "]");
    }
    receive(
        body(
            "smb_message_echoes",
            "'message_echoes':["
                + of("wamid.e", OWN, 9, "reaction", "{'message_id':'wamid.1','emoji':'4'}")
                    .replace("'id'", "'to':'" + ADA + "','id'")
                + "]"));

    Delivery first = delivery("wamid.1");
    assertThat(first.edit()).contains(new Delivery.Edit("Green!", Instant.ofEpochSecond(2)));
    assertThat(first.revokedAt()).isEmpty();
    assertThat(first.reactions())
        .extracting(Delivery.Reaction::emoji, Delivery.Reaction::direction)
        .containsExactly(
            tuple("2", MessageDirection.INBOUND), tuple("4", MessageDirection.OUTBOUND));
    Delivery second = delivery("wamid.6");
    assertThat(second.revokedAt()).contains(Instant.ofEpochSecond(6));
    assertThat(second.reactions()).isEmpty();
    assertThat(second.edit()).isEmpty();
    assertThat(message("wamid.2").text()).isEqualTo("[edited] Green");
  }

  @Test
  void statusesTellPricesWhatWasGivenAlongAndEachMember() {
    Customer ada = shop.scope().customers().create(new NewCustomer("Ada", ADA));
    shop.scope().deliveries().record(NewMessage.outbound(ada.id(), "Hi"), "wamid.1");
    String status = "{'id':'wamid.1','status':'%s','timestamp':'%d','recipient_id':'%s'%s}";
    tell("'statuses':[" + status.formatted("delivered", 12, ADA, "") + "]");
    tell(
        "'statuses':["
            + status.formatted(
                "sent",
                11,
                ADA,
                ",'biz_opaque_callback_data':'order 17','conversation':{'id':'c1',"
                    + "'expiration_timestamp':'99','origin':{'type':'marketing'}},'pricing':{'billable':true,"
                    + "'pricing_model':'PMP','category':'marketing','type':'regular'}")
            + "]");

    Delivery delivery = delivery("wamid.1");
    assertThat(delivery.callbackData()).contains("order 17");
    assertThat(delivery.price())
        .contains(
            new Delivery.Price(
                Optional.of(true),
                Optional.of("PMP"),
                Optional.of("marketing"),
                Optional.of("regular"),
                Optional.of("c1"),
                Optional.of("marketing"),
                Optional.of(Instant.ofEpochSecond(99))));
    assertThat(delivery.members()).isEmpty();

    String member =
        ",'recipient_type':'group','recipient_participant_id':'%s','recipient_participant_user_id':'%s'";
    String group = "Y2FwaV9ncm91cDox";
    tell(
        "'statuses':["
            + status.formatted("delivered", 13, group, member.formatted(ADA, "US.1"))
            + ","
            + status.formatted("read", 14, group, member.formatted(ADA, "US.1"))
            + ","
            + status.formatted("delivered", 15, group, member.formatted("16175550167", "US.2"))
            + "]");
    assertThat(delivery("wamid.1").members())
        .containsExactly(
            new Delivery.Member(
                Optional.of(ADA),
                Optional.of("US.1"),
                Map.of(
                    DeliveryState.DELIVERED,
                    Instant.ofEpochSecond(13),
                    DeliveryState.READ,
                    Instant.ofEpochSecond(14))),
            new Delivery.Member(
                Optional.of("16175550167"),
                Optional.of("US.2"),
                Map.of(DeliveryState.DELIVERED, Instant.ofEpochSecond(15))));
  }

  /** Also when a status of it is told again. */
  @Test
  void membersOfAGroupAreForgottenWithTheMessage() throws SQLException {
    String group = "Y2FwaV9ncm91cDox";
    int riders = shop.scope().customers().create(new NewCustomer("Riders", group)).id();
    int id =
        shop.scope().deliveries().record(NewMessage.outbound(riders, "At ten"), "wamid.G").id();
    String read =
        "'statuses':[{'id':'wamid.G','status':'read','timestamp':'%d','recipient_type':'group',"
            + "'recipient_id':'"
            + group
            + "','recipient_participant_id':'16175550167'}]";
    String members = "select count(*) from crm." + shop.agent().prefix() + "_whatsapp_participants";
    tell(read.formatted(14));
    assertThat(superuser(members)).containsExactly("1");

    shop.scope().messages().delete(id);
    assertThat(superuser(members)).containsExactly("0");
    tell(read.formatted(15));
    assertThat(superuser(members)).containsExactly("0");
  }

  @Test
  void theReportTellsWhatEachMessageIs() {
    WebhookReport report =
        tell("'messages':[%s]".formatted(of("wamid.1", ADA, 1, "image", "{'id':'9'}")));

    assertThat(report.results())
        .containsExactly(
            new Result(
                Outcome.STORED,
                Optional.of(shop.agent().prefix()),
                Optional.of("wamid.1"),
                Optional.of(message("wamid.1").id()),
                Optional.of(customer(ADA).id()),
                Optional.of("image"),
                Optional.of(MessageDirection.INBOUND),
                false));
    Result again =
        tell("'messages':[%s]".formatted(of("wamid.1", ADA, 1, "image", "{'id':'9'}")))
            .results()
            .get(0);
    assertThat(again.outcome()).isEqualTo(Outcome.DUPLICATE);
    assertThat(again.customerId()).contains(customer(ADA).id());
    assertThat(
            shop.scope()
                .deliveries()
                .details(message("wamid.1").id())
                .orElseThrow()
                .phoneNumberId())
        .contains(shop.phoneNumberId());
  }
}
