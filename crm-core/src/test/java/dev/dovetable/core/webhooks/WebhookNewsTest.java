package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.news.NewsContent;
import dev.dovetable.core.news.NewsDetail;
import dev.dovetable.core.news.NewsFilter;
import dev.dovetable.core.news.NewsKind;
import dev.dovetable.core.news.NewsListener;
import dev.dovetable.core.news.NewsRepository;
import dev.dovetable.core.news.WebhookNews;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told besides messages and statuses. Apostrophes stand for quotation marks. */
class WebhookNewsTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);

  private final List<NewsContent> heard = new ArrayList<>();
  private Business shop;

  @BeforeEach
  void forget() {
    receiver.webhooks().news().purge(Duration.ZERO);
    forgetUnrouted();
    shop = newBusiness();
  }

  private static Crm with(NewsListener listener) {
    return Crm.builder(pool)
        .schema(Installed.SCHEMA)
        .withoutWebhookSignatures()
        .webhookNews(listener)
        .build();
  }

  /** As Kotlin's lambdas do. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Class<? extends Throwable> thrown) throws E {
    try {
      throw (E) thrown.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String body(String field, String value) {
    return "{'entry':[{'id':'2045901','time':1790000000,'changes':[{'field':'%s','value':{%s}}]}]}"
        .formatted(field, value)
        .replace('\'', '"');
  }

  private String ofShop(String field, String value) {
    return body(field, "'metadata':{'phone_number_id':'" + shop.phoneNumberId() + "'}," + value);
  }

  private WebhookReport hear(String body) {
    return with(heard::add).webhooks().receive(body.getBytes(UTF_8), null);
  }

  @Test
  void isKeptOnceAndToldToTheHostWithItsAgent() {
    String call =
        ofShop(
            "calls",
            "'calls':[{'id':'wacid.1','event':'connect','from':'15550100',"
                + "'to':'15550199','timestamp':'1790000001','direction':'USER_INITIATED'}]");

    WebhookReport report = hear(call);
    hear(call);

    assertThat(report.results())
        .containsExactly(
            new Result(
                Outcome.NEWS,
                Optional.of(shop.agent().prefix()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false));
    assertThat(report.httpStatus()).isEqualTo(200);
    assertThat(heard).hasSize(1);
    WebhookNews news = heard.get(0).news();
    assertThat(news.kind()).isEqualTo(NewsKind.CALL);
    assertThat(news.field()).isEqualTo("calls");
    assertThat(news.at()).contains(Instant.ofEpochSecond(1790000000));
    assertThat(news.agent()).contains(shop.agent().prefix());
    assertThat(news.phoneNumberId()).contains(shop.phoneNumberId());
    assertThat(heard.get(0).details())
        .containsExactly(
            new NewsDetail.Call(
                Optional.of("wacid.1"),
                Optional.of("connect"),
                Optional.of("15550100"),
                Optional.of("15550199"),
                Optional.of("USER_INITIATED"),
                Optional.of(Instant.ofEpochSecond(1790000001)),
                Optional.empty()));
    assertThat(heard.get(0).toString()).doesNotContain("15550100");
    NewsRepository all = receiver.webhooks().news();
    assertThat(all.list(NewsFilter.all(), PAGE).items()).containsExactly(news);
    assertThat(all.find(news.id()).orElseThrow().details()).isEqualTo(heard.get(0).details());
    assertThat(receiver.webhooks().unrouted(PAGE).items()).isEmpty();
  }

  @Test
  void namesTheAgentOfTheNumberWhoeverItsUserIs() {
    crm.asService().agents().assign(shop.agent().id(), newUser(UserRole.AGENT).id());
    hear(ofShop("calls", "'calls':[]"));
    assertThat(heard.get(0).news().agent()).contains(shop.agent().prefix());
    assertThat(heard.get(0).news().phoneNumberId()).contains(shop.phoneNumberId());
  }

  @Test
  void isListedByKindNumberAndAgentAndPurgedByAge() {
    hear(ofShop("calls", "'calls':[]"));
    hear(
        body(
            "account_update",
            "'event':'ACCOUNT_RESTRICTION',"
                + "'restriction_info':[{'restriction_type':'RESTRICTED_ADD_PHONE_NUMBER_ACTION'}]"));
    hear(body("account_update", "'event':'ACCOUNT_VIOLATION'"));
    hear(body("facets_of_tomorrow", "'a':1"));
    NewsRepository news = receiver.webhooks().news();

    assertThat(heard)
        .extracting(content -> content.news().kind())
        .containsExactly(NewsKind.CALL, NewsKind.ACCOUNT, NewsKind.ACCOUNT, NewsKind.OTHER);
    assertThat(heard.get(1).details())
        .containsExactly(
            new NewsDetail.Account(
                Optional.of("ACCOUNT_RESTRICTION"),
                Optional.of("RESTRICTED_ADD_PHONE_NUMBER_ACTION")));
    NewsFilter accounts = NewsFilter.all().ofKind(NewsKind.ACCOUNT);
    Page<WebhookNews> first = news.list(accounts, PageRequest.first(1));
    assertThat(first.items()).containsExactly(heard.get(1).news());
    assertThat(news.list(accounts, new PageRequest(5, first.next())).items())
        .containsExactly(heard.get(2).news());
    assertThat(news.list(NewsFilter.all().ofNumber(shop.phoneNumberId()), PAGE).items())
        .containsExactly(heard.get(0).news());
    assertThat(news.list(NewsFilter.all().ofAgent(shop.agent().prefix()), PAGE).items())
        .containsExactly(heard.get(0).news());
    assertThat(news.purge(Duration.ofDays(1))).isZero();
    assertThat(news.purge(Duration.ZERO)).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, IOException.class, AssertionError.class})
  void aListenerThatThrowsLosesNothing(Class<? extends Throwable> thrown) {
    Crm deaf = with(content -> WebhookNewsTest.<RuntimeException>sneak(thrown));
    String message =
        WebhookBodies.change(
            shop.phoneNumberId(), List.of(Text.from("wamid.1", "15550100", "Ada", 1)));
    String both =
        WebhookBodies.body(
            List.of(
                "{\"field\":\"calls\",\"value\":{\"calls\":[]}}",
                message,
                "{\"field\":\"security\",\"value\":{\"event\":\"PIN_CHANGED\"}}"));

    WebhookReport report = deaf.webhooks().receive(both.getBytes(UTF_8), null);

    assertThat(report.httpStatus()).isEqualTo(200);
    assertThat(report.results())
        .extracting(Result::outcome)
        .containsExactly(Outcome.NEWS, Outcome.STORED, Outcome.NEWS);
    assertThat(receiver.webhooks().news().list(NewsFilter.all(), PAGE).items()).hasSize(2);
  }

  /** It is kept by then, whatever the host does about it. */
  @Test
  void theListenerSeesItInTheDatabase() {
    List<Boolean> found = new ArrayList<>();
    with(content -> found.add(receiver.webhooks().news().find(content.news().id()).isPresent()))
        .webhooks()
        .receive(body("security", "'event':'PIN_CHANGED'").getBytes(UTF_8), null);

    assertThat(found).containsExactly(true);
  }

  @Test
  void aPaymentBesideAStatusAndAProblemAreNews() {
    WebhookReport report =
        hear(
            ofShop(
                "messages",
                "'statuses':[{'id':'wamid.1','status':'sent','timestamp':'1790000002'},"
                    + "{'id':'wamid.1','status':'captured','timestamp':'1790000003',"
                    + "'type':'payment','payment':{'reference_id':'r-17',"
                    + "'amount':{'value':1250,'offset':100},'currency':'INR'}}],"
                    + "'errors':[{'code':131000,'title':'Something went wrong'}]"));

    assertThat(report.results())
        .extracting(Result::outcome)
        .containsExactly(Outcome.STATUS_WAITING, Outcome.NEWS, Outcome.NEWS);
    assertThat(heard.get(0).details())
        .containsExactly(
            new NewsDetail.Payment(
                Optional.of("wamid.1"),
                Optional.of("captured"),
                Optional.of("r-17"),
                Optional.of(new BigDecimal("12.5")),
                Optional.of("INR"),
                Optional.of(Instant.ofEpochSecond(1790000003))));
    assertThat(heard.get(1).details())
        .containsExactly(
            new NewsDetail.Problem(Optional.of("131000"), Optional.of("Something went wrong")));
  }

  @Test
  void saysWhatIsDocumentedOfTemplatesNumbersContactsAndGroups() {
    hear(
        body(
            "message_template_status_update",
            "'event':'REJECTED','message_template_id':17,'message_template_name':'sale',"
                + "'message_template_language':'en_US','reason':'INVALID_FORMAT'"));
    hear(
        body(
            "phone_number_quality_update",
            "'display_phone_number':'15550199','event':'FLAGGED','current_limit':'TIER_1K'"));
    hear(
        ofShop(
            "smb_app_state_sync",
            "'state_sync':[{'type':'contact','action':'add','contact':{'full_name':'Ada B',"
                + "'phone_number':'15550100'},'metadata':{'timestamp':'1790000004'}}]"));
    hear(
        ofShop(
            "group_lifecycle_update",
            "'groups':[{'timestamp':'1790000005','group_id':'Y2FwaV9ncm91cDox',"
                + "'type':'group_create','subject':'Riders'}]"));

    assertThat(heard)
        .flatExtracting(NewsContent::details)
        .containsExactly(
            new NewsDetail.Template(
                Optional.of("17"),
                Optional.of("sale"),
                Optional.of("en_US"),
                Optional.of("REJECTED"),
                Optional.of("INVALID_FORMAT"),
                Optional.empty(),
                Optional.empty()),
            new NewsDetail.Number(
                Optional.of("15550199"),
                Optional.of("FLAGGED"),
                Optional.of("TIER_1K"),
                Optional.empty(),
                Optional.empty()),
            new NewsDetail.Contact(
                Optional.of("add"),
                Optional.of("15550100"),
                Optional.of("Ada B"),
                Optional.of(Instant.ofEpochSecond(1790000004))),
            new NewsDetail.Group(
                Optional.of("Y2FwaV9ncm91cDox"),
                Optional.of("group_create"),
                Optional.of("Riders"),
                Optional.of(Instant.ofEpochSecond(1790000005))));
  }
}
