package dev.dovetable.core.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** From callbacks and what people do to a line of the list. */
class ConversationLineTest extends InboxTest {
  private static final String NUMBER = "104590110077";

  /** At a second. */
  private static final String TEXT =
      "{'from':'13125550142','id':'wamid.%1$d','timestamp':'%1$d','type':'text','text':{'body':'Text %1$d'}}";

  private static final PageRequest ALL = PageRequest.first(1000);

  @Test
  void lineTellsWhatCallbacksAndPeopleHaveMadeOfIt() {
    UUID me = agent.userId().orElseThrow();
    crm.asService()
        .whatsapp()
        .save(NewWhatsAppConfig.of(me, "15550199", "https://x.example").phoneNumberId(NUMBER));
    TenantScope mine = crm.as(Actor.user(me)).tenant(agent.prefix());
    tell("'messages':[" + TEXT.formatted(1) + "," + TEXT.formatted(2) + "]");
    int ada = mine.conversations().latest(ALL).items().get(0).customer().id();
    mine.inbox().assign(ada, me, 0);
    mine.inbox().tag(ada, "vip");
    ConversationFilter filter =
        ConversationFilter.open().assignedTo(me).tagged("vip").through(NUMBER).withoutGroups();

    InboxConversation waiting = only(mine.conversations().list(filter.unread(), ALL));
    assertThat(waiting.customer()).isEqualTo(mine.customers().find(ada).orElseThrow());
    assertThat(waiting.lastMessage().text()).isEqualTo("Text 2");
    assertThat(waiting.lastMessageState()).isEmpty();
    assertThat(waiting.state()).isEqualTo(mine.inbox().find(ada).orElseThrow());
    assertThat(waiting.state().waitingSince()).contains(Instant.ofEpochSecond(1));
    assertThat(waiting.windowEndsAt()).contains(Instant.ofEpochSecond(86_402));
    assertThat(mine.conversations().counts())
        .isEqualTo(new ConversationCounts(1, 1, 2, 1, 0, 1, 0, 0));

    Message answer =
        mine.deliveries()
            .record(NewMessage.outbound(ada, "Yes").at(Instant.ofEpochSecond(3)), "wamid.3");
    tell("'statuses':[{'id':'wamid.3','status':'read','timestamp':'4','recipient_id':'1'}]");
    mine.inbox().markRead(ada, answer.id());

    InboxConversation answered = only(mine.conversations().list(filter, ALL));
    assertThat(answered.lastMessage()).isEqualTo(answer);
    assertThat(answered.lastMessageState()).contains(DeliveryState.READ);
    assertThat(mine.conversations().list(filter.unread(), ALL).items()).isEmpty();
    assertThat(mine.conversations().list(filter.through("1"), ALL).items()).isEmpty();
    assertThat(mine.conversations().list(filter.groupsOnly(), ALL).items()).isEmpty();
    assertThat(mine.conversations().counts())
        .isEqualTo(new ConversationCounts(1, 0, 0, 0, 0, 1, 0, 0));
  }

  private static void tell(String value) {
    receiver(pool)
        .webhooks()
        .receive(
            "{'entry':[{'id':'1','changes':[{'field':'messages','value':{'metadata':{'phone_number_id':'%s'},%s}}]}]}"
                .formatted(NUMBER, value)
                .replace('\'', '"')
                .getBytes(UTF_8),
            null);
  }

  private static InboxConversation only(Page<InboxConversation> page) {
    assertThat(page.items()).hasSize(1);
    return page.items().get(0);
  }
}
