package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;

/**
 * What somebody may do to one agent by hand, and what the doctor should say. In the SQL, {@code
 * [customers]} is the agent's own table or other object, {@code [id]} its id.
 */
enum Damage {
  TABLES_DROPPED(
      "drop table [orders_items], [orders], [messages], [visits], [reasons], [customers]",
      Code.AGENT_WITHOUT_TABLES,
      true),
  TABLE_DROPPED("drop table [messages]", Code.TABLE, false),
  TABLE_REPLACED_BY_A_VIEW(
      "drop table [messages]; create view [messages] as select 1 as id", Code.TABLE, false),
  TABLE_UNLOGGED("alter table [messages] set unlogged", Code.TABLE, false),
  TABLE_OF_AN_EXTENSION_DROPPED("drop table [reasons] cascade", Code.LEDGER, false),
  COLUMN_OF_AN_EXTENSION_DROPPED(
      "alter table [customers] drop column last_visit", Code.LEDGER, true),
  COLUMN_DROPPED("alter table [orders] drop column notes", Code.COLUMN, true),
  COLUMN_WITH_DEFAULT_DROPPED("alter table [orders] drop column status cascade", Code.COLUMN, true),
  GENERATED_COLUMN_DROPPED("alter table [orders_items] drop column total", Code.COLUMN, true),
  NOT_NULL_COLUMN_DROPPED("alter table [customers] drop column name", Code.COLUMN, false),
  COLUMN_WIDENED("alter table [messages] alter direction type varchar(20)", Code.COLUMN, false),
  COLUMN_COLLATED("alter table [customers] alter name type text collate \"C\"", Code.COLUMN, false),
  NOT_NULL_DROPPED("alter table [customers] alter phone drop not null", Code.COLUMN, true),
  NOT_NULL_ADDED("alter table [orders] alter notes set not null", Code.COLUMN, true),
  DEFAULT_DROPPED("alter table [messages] alter timestamp drop default", Code.COLUMN, true),
  DEFAULT_CHANGED("alter table [orders] alter created_at set default now()", Code.COLUMN, true),
  DEFAULT_ADDED("alter table [orders] alter notes set default 'none'", Code.COLUMN, true),
  COLUMN_ADDED(
      "alter table [orders] add color text not null default 'red'", Code.EXTRA_OBJECT, false),
  PRIMARY_KEY_DROPPED(
      "alter table [orders_items] drop constraint [orders_items_pkey]", Code.CONSTRAINT, true),
  KEYS_DROPPED(
      "alter table [messages] drop constraint [messages_pkey];"
          + " alter table [messages] drop constraint [messages_customer_id_fkey]",
      Code.CONSTRAINT,
      true),
  FOREIGN_KEY_TO_AGENTS_DROPPED(
      "alter table [customers] drop constraint [customers_agent_id_fkey]", Code.CONSTRAINT, true),
  FOREIGN_KEY_WITHOUT_CASCADE(
      "alter table [orders] drop constraint [orders_customer_id_fkey];"
          + " alter table [orders] add constraint [orders_customer_id_fkey]"
          + " foreign key (customer_id) references [customers] (id)",
      Code.CONSTRAINT,
      true),
  CHECK_OF_ANOTHER_AGENT(
      "alter table [customers] drop constraint [customers_agent_id_check];"
          + " alter table [customers] add constraint [customers_agent_id_check] check (agent_id = 1)",
      Code.CONSTRAINT,
      true),
  CONSTRAINT_NOT_PROVEN(
      "alter table [orders_items] drop constraint [orders_items_quantity_check];"
          + " alter table [orders_items] add constraint [orders_items_quantity_check]"
          + " check (quantity > 0) not valid",
      Code.CONSTRAINT,
      true),
  CONSTRAINT_ADDED(
      "alter table [orders] add constraint cheap check (total_amount < 100)",
      Code.EXTRA_OBJECT,
      false),
  FOREIGN_KEYS_SWITCHED_OFF("alter table [messages] disable trigger all", Code.CONSTRAINT, false),
  INDEX_DROPPED("drop index [messages_customer_id_timestamp_idx]", Code.INDEX, true),
  INDEX_OF_AN_EXTENSION_DROPPED("drop index [visits_order_id_idx]", Code.INDEX, true),
  INDEX_UNUSABLE(
      "update pg_index set indisvalid = false where indexrelid = '[orders_status_idx]'::regclass",
      Code.INDEX,
      true),
  INDEX_REPLACED(
      "drop index [messages_timestamp_idx]; create index [messages_timestamp_idx] on [messages] (timestamp)",
      Code.INDEX,
      true),
  INDEX_ADDED("create index [orders_fast] on [orders] (notes)", Code.EXTRA_OBJECT, false),
  TRIGGER_DROPPED("drop trigger keep_order on [orders]", Code.TRIGGER, true),
  TRIGGER_DISABLED("alter table [orders_items] disable trigger items_deleted", Code.TRIGGER, true),
  TRIGGER_REPLACED(
      "create or replace trigger items_inserted after insert on [orders_items]"
          + " referencing new table as new_items for each statement"
          + " execute function crm_private.items_inserted('else_orders')",
      Code.TRIGGER,
      true),
  TRIGGER_ADDED(
      "create trigger shout before update on [customers] for each row"
          + " execute function crm_private.touch_updated_at()",
      Code.EXTRA_OBJECT,
      false),
  RULE_ADDED(
      "create rule silent as on delete to [customers] do instead nothing",
      Code.EXTRA_OBJECT,
      false),
  POLICY_DROPPED("drop policy [messages_access] on [messages]", Code.POLICY, true),
  POLICY_OF_ANOTHER_AGENT(
      "alter policy [messages_access] on [messages] using (crm_private.owns_agent(1))",
      Code.POLICY,
      true),
  POLICY_FOR_EVERYBODY(
      "alter policy [customers_access] on [customers] to public", Code.POLICY, true),
  POLICY_ADDED(
      "create policy open on [customers] for select to authenticated using (phone <> '')",
      Code.POLICY,
      true),
  ROW_SECURITY_DISABLED(
      "alter table [customers] disable row level security", Code.ROW_SECURITY, true),
  ROW_SECURITY_OF_AN_EXTENSION_DISABLED(
      "alter table [visits] disable row level security", Code.ROW_SECURITY, true),
  ROW_SECURITY_FORCED("alter table [orders] force row level security", Code.ROW_SECURITY, true),
  GRANTED_TO_ANON("grant select on [customers] to anon", Code.PRIVILEGE, true),
  GRANTED_TO_EVERYBODY("grant insert on [messages] to public", Code.PRIVILEGE, true),
  TRUNCATE_GRANTED("grant truncate on [orders] to authenticated", Code.PRIVILEGE, true),
  COLUMN_GRANTED("grant select (phone) on [customers] to anon", Code.PRIVILEGE, true),
  SEQUENCE_GRANTED("grant update on [orders_id_seq] to authenticated", Code.PRIVILEGE, true),
  REVOKED("revoke insert on [messages] from authenticated", Code.PRIVILEGE, true),
  GRANTED_WITH_GRANT_OPTION(
      "grant select on [customers] to service_role with grant option", Code.PRIVILEGE, true),
  SEQUENCE_REVOKED("revoke usage on [customers_id_seq] from authenticated", Code.PRIVILEGE, true),
  OWNER_CHANGED("alter table [messages] owner to postgres", Code.OWNER, false),
  SEQUENCE_DROPPED("drop sequence [orders_id_seq] cascade", Code.SEQUENCE, true),
  SEQUENCE_DETACHED("alter sequence [orders_id_seq] owned by none", Code.SEQUENCE, true),
  SEQUENCE_CHANGED("alter sequence [orders_id_seq] increment by 10", Code.SEQUENCE, false),
  COMMENT_CHANGED("comment on table [orders] is 'mine'", Code.COMMENT, true),
  COMMENT_DROPPED("comment on policy [orders_access] on [orders] is null", Code.COMMENT, true),
  NOT_IN_AGENT_TABLES(
      "delete from crm_private.agent_tables where agent_id = [id]", Code.LEDGER, true),
  LEDGER_OF_ANOTHER_TEXT(
      "update crm_private.agent_versions set checksum = 'else' where agent_id = [id] and extension = 'visits' and version = 1",
      Code.LEDGER,
      false),
  LEDGER_AHEAD(
      "insert into crm_private.agent_versions (agent_id, extension, version, checksum, duration_ms)"
          + " values ([id], 'visits', 9, 'else', 0)",
      Code.LEDGER,
      false),
  LEDGER_BEHIND(
      "delete from crm_private.agent_versions where agent_id = [id] and version = 2",
      Code.OUTDATED,
      false),
  LEDGER_LOST("delete from crm_private.agent_versions where agent_id = [id]", Code.OUTDATED, false),
  TOTAL_WRONG(
      "insert into [customers] (agent_id, name, phone) values ([id], 'Ada', '1');"
          + " insert into [orders] (customer_id) select id from [customers];"
          + " set session_replication_role = replica;"
          + " update [orders] set total_amount = 7; reset session_replication_role",
      Code.ORDER_TOTAL,
      false),
  IDS_IMPORTED(
      "insert into [customers] (id, agent_id, name, phone) values (7, [id], 'Ada', '1')",
      Code.SEQUENCE_BEHIND,
      true),
  IDS_OF_AN_EXTENSION_IMPORTED(
      "insert into [customers] (agent_id, name, phone) values ([id], 'Ada', '1');"
          + " insert into [visits] (id, customer_id, day) overriding system value"
          + " select 3, id, '2026-01-01' from [customers]",
      Code.SEQUENCE_BEHIND,
      true),
  IDS_BURNT("select setval('[messages_id_seq]', 3000000)", Code.SEQUENCE_AHEAD, false),
  IDS_NEARLY_USED_UP(
      "insert into [customers] (id, agent_id, name, phone) values (2000000000, [id], 'Ada', '1');"
          + " select setval('[customers_id_seq]', 2000000000)",
      Code.CAPACITY_IDS,
      false),
  IDS_TAKEN_TO_THE_LAST(
      "insert into [customers] (id, agent_id, name, phone) values (2147483647, [id], 'Ada', '1')",
      Code.CAPACITY_IDS,
      false);

  private final String sql;
  private final Code code;
  private final boolean isRepairable;

  Damage(String sql, Code code, boolean isRepairable) {
    this.sql = sql;
    this.code = code;
    this.isRepairable = isRepairable;
  }

  Code code() {
    return code;
  }

  boolean isRepairable() {
    return isRepairable;
  }

  String sql(String prefix, long id) {
    return sql.replace("[id]", Long.toString(id)).replaceAll("\\[(\\w+)]", prefix + "_$1");
  }
}
