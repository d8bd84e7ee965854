package dev.dovetable.testkit.internal;

import java.util.List;
import java.util.Random;

/** People of one script: what they are called and what they write. Immutable. */
public enum Voice {
  LATIN(
      " ",
      List.of("Ada", "Tomás", "Zoë", "Kwame", "İpek", "Søren", "Chloé", "Marek", "Amara", "Łucja"),
      List.of("Lindqvist", "O'Brien", "Núñez", "Öztürk", "Nguyễn", "Owusu", "Fischer", "d'Arcy"),
      List.of(
          "Hello, do you have two bags left?",
          "What does delivery to Boston cost?",
          "¿Me lo pueden enviar mañana?",
          "Wie lange habt ihr heute geöffnet?",
          "Bugün sipariş verirsem ne zaman gelir?",
          "It's the blue one, size 42. \"Classic\", I think."),
      List.of(
          "Thank you! I'll see to it.",
          "It leaves today and should be with you on Friday.",
          "Merci, à bientôt !",
          "Yes, 20% off until Sunday.")),
  ARABIC(
      " ",
      List.of("ليلى", "يوسف", "مريم", "خالد", "نور"),
      List.of("حداد", "المصري", "بن علي", "الزهراني"),
      List.of("مرحبا، هل المنتج متوفر؟", "كم سعر التوصيل إلى الرياض؟", "أريد طلب رقم 12 من فضلك"),
      List.of("شكرًا لك، سنرسل الطلب غدًا.", "نعم، متوفر بثلاثة ألوان.")),
  DEVANAGARI(
      " ",
      List.of("अनन्या", "रोहन", "दीपिका", "विक्रम", "मीरा"),
      List.of("शर्मा", "पाटील", "श्रेष्ठ", "मिश्रा"),
      List.of(
          "नमस्ते, क्या यह अभी उपलब्ध है?", "डिलीवरी में कितने दिन लगेंगे?", "मुझे दो किलो चाहिए।"),
      List.of("धन्यवाद! आपका ऑर्डर भेज दिया गया है।", "जी हाँ, आज ही मिल जाएगा।")),
  CJK(
      "",
      List.of("王", "李", "佐藤", "鈴木", "김", "박"),
      List.of("小明", "美玲", "さくら", "健太", "민준", "서연"),
      List.of("请问还有货吗?", "送料はいくらですか?", "배송은 언제 되나요?", "我想要两个,谢谢"),
      List.of("好的,今天就发货。", "ありがとうございます。明日お届けします。", "네, 감사합니다!")),
  EMOJI(
      " ",
      List.of("🌻 Noor", "Max 🚲", "☕ Bea", "Jo 👩‍👩‍👧"),
      List.of("✨", "🇧🇷", "🏳️‍🌈", "❤️"),
      List.of("👍🏽", "🎉🎉🎉", "📦❓", "😀 is it ready? 🙏🏿"),
      List.of("✅", "🚚💨", "Done 🎁"));

  private final String between;
  private final List<String> firstParts;
  private final List<String> secondParts;
  private final List<String> inbound;
  private final List<String> outbound;

  Voice(
      String between,
      List<String> firstParts,
      List<String> secondParts,
      List<String> inbound,
      List<String> outbound) {
    this.between = between;
    this.firstParts = firstParts;
    this.secondParts = secondParts;
    this.inbound = inbound;
    this.outbound = outbound;
  }

  /** Of the n-th customer: every second one writes Latin script. */
  public static Voice ofCustomer(int n) {
    return n % 2 == 0 ? LATIN : values()[1 + n / 2 % (values().length - 1)];
  }

  public String name(Random random) {
    return pick(firstParts, random) + between + pick(secondParts, random);
  }

  public String text(boolean toAgent, Random random) {
    return pick(toAgent ? inbound : outbound, random);
  }

  public static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
