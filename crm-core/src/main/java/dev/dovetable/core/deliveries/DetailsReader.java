package dev.dovetable.core.deliveries;

import dev.dovetable.core.jooq.tables.WhatsappDeliveries;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;

/** Reads what is behind a message's text. */
final class DetailsReader {
  static final WhatsappDeliveries D = WhatsappDeliveries.WHATSAPP_DELIVERIES.as("d");

  /** All that it reads. */
  static final List<Field<?>> COLUMNS =
      List.of(
          D.KIND,
          D.REPLY_TO,
          D.CONCERNS,
          D.MEDIA_ID,
          D.MIME_TYPE,
          D.CAPTION,
          D.FILE_NAME,
          D.SHA256,
          D.LATITUDE,
          D.LONGITUDE,
          D.PAYLOAD,
          D.PHONE_NUMBER_ID,
          D.PARTICIPANT_PHONE,
          D.PARTICIPANT_USER_ID,
          D.PARTICIPANT_NAME);

  private DetailsReader() {}

  /** Empty if no webhook brought the message. */
  static Optional<MessageDetails> of(Record row) {
    if (row.get(D.KIND) == null) {
      return Optional.empty();
    }
    return Optional.of(
        new MessageDetails(
            row.get(D.KIND),
            Optional.ofNullable(row.get(D.REPLY_TO)),
            Optional.ofNullable(row.get(D.CONCERNS)),
            Optional.ofNullable(row.get(D.MEDIA_ID)),
            Optional.ofNullable(row.get(D.MIME_TYPE)),
            Optional.ofNullable(row.get(D.CAPTION)),
            Optional.ofNullable(row.get(D.FILE_NAME)),
            Optional.ofNullable(row.get(D.SHA256)),
            Optional.ofNullable(row.get(D.LATITUDE)),
            Optional.ofNullable(row.get(D.LONGITUDE)),
            row.get(D.PAYLOAD).data(),
            Optional.ofNullable(row.get(D.PHONE_NUMBER_ID)),
            MessageDetails.Participant.of(
                Optional.ofNullable(row.get(D.PARTICIPANT_PHONE)),
                Optional.ofNullable(row.get(D.PARTICIPANT_USER_ID)),
                Optional.ofNullable(row.get(D.PARTICIPANT_NAME)))));
  }
}
