package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.addAgent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables, columns, constraints and indexes, as the specification names them. */
@FreshDatabase(TwoAgents.class)
class SpecificationTest {

  private static final String LONGEST = "a_prefix_of_20_chars";

  private static Session session;

  @BeforeAll
  static void open(PostgresDatabase database) throws SQLException {
    session = new Session(database.dataSource());
    addAgent(session, LONGEST);
  }

  @AfterAll
  static void close() throws SQLException {
    session.close();
  }

  @Test
  void schemaHoldsTheTablesOfTheSpecificationAndNoOthers() throws SQLException {
    assertThat(
            session.column(
                "select tablename from pg_tables where schemaname = 'public'"
                    + " and tablename !~ '^(beta|a_prefix)_' order by 1"))
        .containsExactly(
            "agents",
            "alpha_customers",
            "alpha_messages",
            "alpha_orders",
            "alpha_orders_items",
            "users",
            "whatsapp_configuration");
  }

  @Test
  void roleIsAnEnumOfAdminAndAgent() throws SQLException {
    assertThat(session.column("select unnest(enum_range(null::role))::text"))
        .containsExactly("admin", "agent");
  }

  @Test
  void baseTablesHaveTheColumnsOfTheSpecification() throws SQLException {
    assertColumns(
        "users",
        "id uuid NOT NULL DEFAULT gen_random_uuid()",
        "name character varying(255) NOT NULL",
        "email character varying(255) NOT NULL",
        "role role NOT NULL",
        "created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP");
    assertColumns(
        "agents",
        "id bigint NOT NULL DEFAULT nextval('agents_id_seq'::regclass)",
        "agent_prefix character varying(20) NOT NULL",
        "created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP",
        "user_id uuid",
        "created_by uuid NOT NULL");
    assertColumns(
        "whatsapp_configuration",
        "id bigint NOT NULL DEFAULT nextval('whatsapp_configuration_id_seq'::regclass)",
        "user_id uuid NOT NULL",
        "whatsapp_number character varying(20) NOT NULL",
        "webhook_url text NOT NULL",
        "api_key text",
        "business_account_id character varying(100)",
        "phone_number_id character varying(100)",
        "is_active boolean DEFAULT true",
        "created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP",
        "updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP",
        "verify_token text");
  }

  @Test
  void agentTablesHaveTheColumnsOfTheSpecification() throws SQLException {
    String utc = " timestamp without time zone DEFAULT timezone('utc'::text, now())";
    assertColumns(
        "alpha_customers",
        "id integer NOT NULL DEFAULT nextval('alpha_customers_id_seq'::regclass)",
        "agent_id bigint NOT NULL",
        "name text NOT NULL",
        "phone text NOT NULL",
        "created_at" + utc);
    assertColumns(
        "alpha_messages",
        "id integer NOT NULL DEFAULT nextval('alpha_messages_id_seq'::regclass)",
        "customer_id integer NOT NULL",
        "message text NOT NULL",
        "direction character varying(10) NOT NULL",
        "timestamp" + utc);
    assertColumns(
        "alpha_orders",
        "id integer NOT NULL DEFAULT nextval('alpha_orders_id_seq'::regclass)",
        "customer_id integer NOT NULL",
        "total_amount numeric(10,2) DEFAULT 0",
        "status character varying(50) DEFAULT 'pending'::character varying",
        "notes text",
        "shipping_address text",
        "created_at" + utc,
        "updated_at" + utc);
    assertColumns(
        "alpha_orders_items",
        "id integer NOT NULL DEFAULT nextval('alpha_orders_items_id_seq'::regclass)",
        "order_id integer NOT NULL",
        "name text NOT NULL",
        "quantity integer NOT NULL DEFAULT 1",
        "price numeric(10,2) NOT NULL DEFAULT 0",
        "total numeric(10,2) GENERATED ALWAYS AS (((quantity)::numeric * price)) STORED",
        "created_at" + utc);
  }

  private static void assertColumns(String table, String... columns) throws SQLException {
    assertThat(
            session.column(
                """
                select concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
                  case when a.attnotnull then 'NOT NULL' end,
                  case when a.attgenerated = 's'
                    then format('GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
                    else 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) end)
                from pg_attribute a
                left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                where a.attrelid = ?::regclass and a.attnum > 0 and not a.attisdropped
                order by a.attnum
                """,
                table))
        .as(table)
        .containsExactly(columns);
  }

  @Test
  void baseTablesHaveTheConstraintsOfTheSpecification() throws SQLException {
    assertConstraints("users", "PRIMARY KEY (id)", "UNIQUE (email)");
    assertConstraints(
        "agents",
        "CHECK (((agent_prefix)::text ~ '^[a-z][a-z0-9_]{0,19}$'::text))",
        "FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE SET NULL",
        "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL",
        "PRIMARY KEY (id)",
        "UNIQUE (agent_prefix)");
    assertConstraints(
        "whatsapp_configuration",
        "CHECK (((btrim(webhook_url) <> ''::text) AND (length(webhook_url) <= 2000)))",
        "CHECK ((btrim((whatsapp_number)::text) <> ''::text))",
        "CHECK ((length(api_key) <= 4000))",
        "CHECK ((length(verify_token) <= 1000))",
        "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE",
        "PRIMARY KEY (id)",
        "UNIQUE (user_id)");
  }

  @Test
  void agentTablesHaveTheConstraintsOfTheSpecification() throws SQLException {
    assertConstraints(
        "beta_customers",
        "CHECK ((agent_id = '2'::bigint))",
        "FOREIGN KEY (agent_id) REFERENCES agents(id) ON DELETE CASCADE",
        "PRIMARY KEY (id)");
    assertConstraints(
        "beta_messages",
        "CHECK (((direction)::text = ANY ((ARRAY['inbound'::character varying,"
            + " 'outbound'::character varying])::text[])))",
        "FOREIGN KEY (customer_id) REFERENCES beta_customers(id) ON DELETE CASCADE",
        "PRIMARY KEY (id)");
    assertConstraints(
        "beta_orders",
        "FOREIGN KEY (customer_id) REFERENCES beta_customers(id) ON DELETE CASCADE",
        "PRIMARY KEY (id)");
    assertConstraints(
        "beta_orders_items",
        "CHECK (((price >= (0)::numeric) AND (price <> 'NaN'::numeric)))",
        "CHECK ((quantity > 0))",
        "FOREIGN KEY (order_id) REFERENCES beta_orders(id) ON DELETE CASCADE",
        "PRIMARY KEY (id)");
  }

  private static void assertConstraints(String table, String... definitions) throws SQLException {
    assertThat(
            session.column(
                "select pg_get_constraintdef(oid) from pg_constraint"
                    + " where conrelid = ?::regclass and contype in ('p', 'u', 'f', 'c', 'x')",
                table))
        .as(table)
        .containsExactlyInAnyOrder(definitions);
  }

  @Test
  void constraintsHoldWhatTheySay() throws SQLException {
    assertThat(
            session.sqlState(
                "insert into alpha_customers (agent_id, name, phone) values (2, 'x', '1')"))
        .isEqualTo("23514");
    assertThat(
            session.sqlState(
                "insert into alpha_messages (customer_id, message, direction) values (1, 'x', 'sideways')"))
        .isEqualTo("23514");
    for (String quantity : List.of("0", "-1")) {
      assertThat(
              session.sqlState(
                  "insert into alpha_orders_items (order_id, name, quantity) values (1, 'x', "
                      + quantity
                      + ")"))
          .isEqualTo("23514");
    }
    assertThat(
            session.sqlState(
                "insert into alpha_orders_items (order_id, name, price) values (1, 'x', -0.01)"))
        .isEqualTo("23514");
    assertThat(
            session.sqlState(
                "insert into agents (agent_prefix, created_by) values ('Bad', ?)", TwoAgents.ADMIN))
        .isEqualTo("23514");
  }

  @Test
  void baseTablesHaveTheIndexesOfTheSpecification() throws SQLException {
    assertIndexes("users", "id unique", "email unique", "role");
    assertIndexes("agents", "id unique", "agent_prefix unique", "user_id unique", "created_by");
    assertIndexes(
        "whatsapp_configuration", "id unique", "user_id unique", "is_active", "verify_token");
  }

  @Test
  void agentTablesHaveTheIndexesOfTheSpecification() throws SQLException {
    for (String prefix : List.of("alpha", LONGEST)) {
      assertIndexes(prefix + "_customers", "id unique", "agent_id", "phone", "created_at");
      assertIndexes(
          prefix + "_messages",
          "id unique",
          "customer_id",
          "direction",
          "timestamp DESC",
          "customer_id, timestamp DESC");
      assertIndexes(
          prefix + "_orders",
          "id unique",
          "customer_id",
          "status",
          "created_at",
          "customer_id, status");
      assertIndexes(prefix + "_orders_items", "id unique", "order_id");
    }
  }

  private static void assertIndexes(String table, String... indexes) throws SQLException {
    assertThat(
            session.column(
                """
                select string_agg(a.attname || case when i.indoption[k.n - 1] & 1 = 1 then ' DESC' else '' end, ', '
                    order by k.n) || case when i.indisunique then ' unique' else '' end
                from pg_index i
                cross join lateral unnest(i.indkey::int2[]) with ordinality k (attnum, n)
                join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                where i.indrelid = ?::regclass and i.indisvalid and i.indpred is null
                group by i.indexrelid, i.indisunique
                """,
                table))
        .as(table)
        .containsExactlyInAnyOrder(indexes);
  }
}
