package dev.dovetable.core.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages by their words, in many scripts, under row level security. */
class MessageSearchTest extends DatabaseTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");
  private static final PageRequest PAGE = PageRequest.first(100);
  private static final MessageSearch EVERYWHERE = MessageSearch.everywhere();
  private static final List<String> TEXTS =
      List.of(
          "你好，我想订购两个蓝色的杯子，什么时候可以送到上海？",
          "こんにちは。注文した商品はいつ届きますか？東京タワーの近くです",
          "สวัสดีครับ ผมอยากสั่งเสื้อสองตัว ส่งที่กรุงเทพได้ไหม",
          "مرحباً، أريد طلب كتابين إلى القاهرة من فضلك",
          "ආයුබෝවන්, මට පොත් දෙකක් ඕනෑ කොළඹට",
          "வணக்கம், எனக்கு இரண்டு புத்தகங்கள் வேண்டும் சென்னை",
          "नमस्ते, मुझे दो किताबें चाहिए मुंबई में",
          "Здравствуйте, хочу заказать ёлку в Москву",
          "Grüße aus München, die Straße heißt Königsallee. Lieferrechnung bitte!",
          "Merhaba, İstanbul'a ışık gönderir misiniz? ŞİŞLİ çok güzel",
          "¿Cuánto cuesta el envío a Bogotá? ¡Qué caña! Über café",
          "call me at +44 7700 900123 or 0171-5551234 😀🎉",
          "안녕하세요 서울로 주문하고 싶어요",
          "Xin chào, tôi muốn đặt hàng ở Hà Nội Đà Nẵng",
          "Γειά σας, θέλω παράδοση στην Αθήνα",
          "שלום, אני רוצה להזמין לתל אביב");

  private TenantScope scope;
  private int ada;

  @BeforeAll
  static void register() {
    AgentMigrations.builder(MessageSearch.extension())
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource());
  }

  @BeforeEach
  void record() {
    scope = newTenant();
    ada = scope.customers().create(new NewCustomer("Ada", "1")).id();
    for (int i = 0; i < TEXTS.size(); i++) {
      scope.messages().recordInbound(ada, TEXTS.get(i), NOON.plusSeconds(i));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "上海,0,上海",
    "杯,0,杯",
    "蓝色的杯,0,蓝色的杯",
    "タワー,1,タワー",
    "ﾀﾜｰ,1,タワー",
    "届きます,1,届きます",
    "กรุงเทพ,2,กรุงเทพ",
    "القاهرة,3,القاهرة",
    "اريد,3,أريد",
    "مَرْحَبا,3,مرحباً",
    "කොළඹ,4,කොළඹ",
    "புத்தக,5,புத்தக",
    "मुंबई,6,मुंबई",
    "елку,7,ёлку",
    "МОСКВУ,7,Москву",
    "strasse heisst,8,Straße+heißt",
    "munchen,8,München",
    "istanbul,9,İstanbul",
    "isik,9,ışık",
    "şişli,9,ŞİŞLİ",
    "bogota,10,Bogotá",
    "cana,10,caña",
    "900123,11,900123",
    "55123,11,55123",
    "0123,11,0123",
    "7700 900,11,7700+900",
    "🎉,11,🎉",
    "서울,12,서울",
    "문하고,12,문하고",
    "da nang,13,Đà+Nẵng",
    "αθηνα,14,Αθήνα"
  })
  void findsWordsInAnyScriptAndSaysWhereTheyAre(String query, int expected, String marked) {
    List<FoundMessage> found = scope.messages().search(query, EVERYWHERE, PAGE).items();

    assertThat(found)
        .extracting(each -> each.message().text())
        .containsExactly(TEXTS.get(expected));
    assertThat(
            found.get(0).matches().stream()
                .map(match -> TEXTS.get(expected).substring(match.start(), match.end()))
                .collect(Collectors.joining("+")))
        .isEqualTo(marked);
  }

  @ParameterizedTest
  @CsvSource({"xyzzyq", "'o''x \\ & | ! :* %_'", "'!?'", "' '", "bogot zzz", "rechnung"})
  void findsNothingElse(String query) {
    assertThat(scope.messages().search(query, EVERYWHERE, PAGE).items()).isEmpty();
  }

  @Test
  void pagesThroughAllNewestFirst() {
    Random random = new Random(7);
    String[] words = {"alpha", "beta", "gamma", "delta"};
    int bo = scope.customers().create(new NewCustomer("Bo", "2")).id();
    List<NewMessage> made = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String text = words[random.nextInt(4)] + " " + words[random.nextInt(4)] + " " + i;
      made.add(
          NewMessage.outbound(random.nextBoolean() ? ada : bo, text)
              .at(NOON.minusSeconds(random.nextInt(20) * 5_000_000L)));
    }
    List<Message> recorded = scope.messages().recordAll(made);
    List<Message> expected =
        recorded.stream()
            .filter(message -> List.of(message.text().split(" ")).contains("alpha"))
            .filter(message -> message.text().matches(".*\\bgam.*"))
            .sorted(Comparator.comparing(Message::timestamp).thenComparing(Message::id).reversed())
            .toList();

    assertThat(walk(EVERYWHERE)).hasSizeGreaterThan(20).isEqualTo(expected);
    assertThat(walk(EVERYWHERE.ofCustomer(bo)))
        .isEqualTo(expected.stream().filter(message -> message.customerId() == bo).toList());
    Instant from = NOON.minusSeconds(60_000_000L);
    Instant to = NOON.minusSeconds(10_000_000L);
    assertThat(walk(EVERYWHERE.between(from, to)))
        .isEqualTo(
            expected.stream()
                .filter(m -> !m.timestamp().isBefore(from) && m.timestamp().isBefore(to))
                .toList());
  }

  private List<Message> walk(MessageSearch where) {
    List<Message> seen = new ArrayList<>();
    Optional<Cursor> after = Optional.empty();
    do {
      Page<FoundMessage> page =
          scope.messages().search("alpha gam", where, new PageRequest(7, after));
      page.items().forEach(found -> seen.add(found.message()));
      after = page.next();
    } while (after.isPresent());
    return seen;
  }

  /** A foreign prefix and one that doesn't exist are answered alike. */
  @Test
  void nobodyElseFindsAnything() {
    TenantScope stranger = crm.as(Actor.user(newUser(UserRole.AGENT).id())).tenant(scope.prefix());

    Assertions.assertThatThrownBy(() -> stranger.messages().search("bogota", EVERYWHERE, PAGE))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageNotContaining("bogota");
    List<String> answers = new ArrayList<>();
    for (String prefix : List.of(scope.prefix(), "no_such")) {
      try {
        stranger.dsl().fetch("select * from crm.search_messages(?, 'bogota')", prefix);
      } catch (AccessDeniedException e) {
        answers.add(e.getMessage().replace(prefix, "x").replace(scope.prefix(), "x"));
      }
    }
    assertThat(answers).hasSize(2);
    assertThat(answers.get(0)).isEqualTo(answers.get(1));
  }

  @Test
  void withoutItsIndexItSaysWhatToRun() {
    scope = newTenant();
    dropIndex(scope.prefix());

    Thrown.refused(
        RefusedException.Reason.SEARCH_NOT_REGISTERED,
        () -> scope.messages().search("x", EVERYWHERE, PAGE));
  }

  private static void dropIndex(String prefix) {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("drop index crm." + prefix + "_messages_search_idx");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** What is longer than a hundred signs is cut into pieces by the hundred. */
  @Test
  void anyPartOfALongRunIsFoundAndSignsThatBecomeManyAreBounded() throws SQLException {
    StringBuilder run = new StringBuilder();
    for (int i = 0; i < 350; i++) {
      run.appendCodePoint(0x4e00 + 7 * i);
    }
    Message message = scope.messages().recordInbound(ada, run.toString());
    for (int at = 0; at < 348; at++) {
      assertThat(scope.messages().search(run.substring(at, at + 3), EVERYWHERE, PAGE).items())
          .as("at %d", at)
          .hasSize(1);
    }
    assertThat(scope.messages().search(run.substring(349), EVERYWHERE, PAGE).items())
        .extracting(FoundMessage::message)
        .containsExactly(message);
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select length(crm_private.search_text(repeat(U&'\\3316', 4096)))")) {
      rows.next();
      assertThat(rows.getInt(1)).isBetween(19_000, 20_000);
    }
  }

  @Test
  void aTextOfAnyLengthIsStoredAndItsBeginningFound() {
    Message message =
        scope.messages().recordInbound(ada, "needle " + "x".repeat(100_000) + " 你".repeat(50_000));

    assertThat(scope.messages().search("needle", EVERYWHERE, PAGE).items())
        .extracting(FoundMessage::message)
        .containsExactly(message);
    Thrown.invalid(
        InvalidDataException.Kind.CURSOR,
        () ->
            scope
                .messages()
                .search("needle", EVERYWHERE, PAGE.after(scope.messages().placeOf(message))));
  }
}
