package dev.dovetable.examples.benchmarks.work;

/** The operations that are compared; their names travel to the JVMs that measure them. */
public enum Alternative {
  TIMELINE_CRM("crm-core", CrmTimeline::firstPage),
  TIMELINE_JDBC("bare pgjdbc PreparedStatement", JdbcTimeline::new),
  TIMELINE_BY_HAND(
      "hand-written BEGIN, SET LOCAL ROLE, set_config, query, COMMIT", HandTimeline::new),
  TIMELINE_HIBERNATE("Hibernate, in a transaction", HibernateTimeline::inTransaction),
  TIMELINE_HIBERNATE_AUTOCOMMIT(
      "Hibernate, without a transaction", HibernateTimeline::withoutTransaction),
  DEEP_PAGE("crm-core, page far back", CrmTimeline::deepPage),
  OFFSET_PAGE("OFFSET", CrmTimeline::offsetPage),
  SCREEN_CRM("crm-core, one statement", CrmScreen::atOnce),
  SCREEN_LONG("crm-core, one statement, long conversation", CrmScreen::ofTheLong),
  SCREEN_BY_MANY("timeline, find and details of all: 3 statements", CrmScreen::byMany),
  SCREEN_PIECES("timeline, find and details of each: 101 statements", CrmScreen::pieceByPiece),
  INBOX_CRM("crm-core, filtered list", CrmInbox::filtered),
  INBOX_RARE("crm-core, filtered list, rare tag", CrmInbox::ofRareTag),
  INBOX_COUNTS("crm-core, counts", CrmInbox::counts),
  INBOX_BY_HAND("the same without a state that is kept", CrmInbox::withoutState),
  INBOUND_CRM("crm-core, message by phone number", CrmInbound::new),
  INBOUND_SELECT_INSERT("pgjdbc: SELECT customer, then INSERT", JdbcInbound::selectThenInsert),
  INBOUND_INSERT("pgjdbc: prepared INSERT", JdbcInbound::insertOnly),
  AGGREGATE_AGENT("row level security", Aggregate::asAgent),
  AGGREGATE_SERVICE("service role", Aggregate::asService);

  private final String words;
  private final Opening opening;

  private interface Opening {
    Operation open(Subject subject) throws Exception;
  }

  Alternative(String words, Opening opening) {
    this.words = words;
    this.opening = opening;
  }

  /** How results name it. */
  public String words() {
    return words;
  }

  public Operation open(Subject subject) throws Exception {
    return opening.open(subject);
  }
}
