package dev.dovetable.examples.benchmarks;

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
class HibernateMessage {

  /** As many ids in one go as rows in one batch: the best that Hibernate can do. */
  static final int BATCH = 1000;

  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "messages_id")
  @SequenceGenerator(name = "messages_id", sequenceName = "messages_id_seq", allocationSize = BATCH)
  @Nullable Integer id;

  @Column(name = "customer_id", nullable = false)
  int customerId;

  @Column(nullable = false)
  String message = "";

  @Column(nullable = false)
  String direction = "";

  @Nullable LocalDateTime timestamp;

  /** For Hibernate. */
  HibernateMessage() {}

  HibernateMessage(int customerId, String message, String direction, LocalDateTime timestamp) {
    this.customerId = customerId;
    this.message = message;
    this.direction = direction;
    this.timestamp = timestamp;
  }
}
