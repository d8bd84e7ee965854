package dev.dovetable.examples.benchmarks.work;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** A message as Hibernate maps it; the schema is the tenant's. */
@Entity
@Table(name = "messages")
public class HibernateMessage {

  /** As many ids in one go as rows in one batch: the best that Hibernate can do. */
  public static final int BATCH = 1000;

  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "messages_id")
  @SequenceGenerator(name = "messages_id", sequenceName = "messages_id_seq", allocationSize = BATCH)
  @Nullable Integer id;

  @Column(name = "customer_id", nullable = false)
  public int customerId;

  @Column(nullable = false)
  public String message = "";

  @Column(nullable = false)
  public String direction = "";

  @Nullable LocalDateTime timestamp;

  /** For Hibernate. */
  public HibernateMessage() {}

  public HibernateMessage(
      int customerId, String message, String direction, LocalDateTime timestamp) {
    this.customerId = customerId;
    this.message = message;
    this.direction = direction;
    this.timestamp = timestamp;
  }
}
