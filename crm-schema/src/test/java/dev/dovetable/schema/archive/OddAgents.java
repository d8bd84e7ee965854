package dev.dovetable.schema.archive;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/** Agents with rows that are easy to spoil, in a database whose owner is no superuser. */
final class OddAgents {
  static final AgentArchive ARCHIVE = AgentArchive.create();

  /** Of agt_1, and of users without an agent. */
  static final UUID ADMIN = user(0);

  private OddAgents() {}

  static UUID user(int n) {
    return UUID.fromString("00000000-0000-0000-0000-%012d".formatted(n));
  }

  static AgentExtension odds(String... files) {
    return AgentExtension.fromClassPath("odds", "dev/dovetable/schema/archive/odds", files);
  }

  /** Agents agt_1 and agt_2, users 3 to 5 without one; the extension's first version. */
  static AgentsOf create() throws SQLException {
    AgentsOf agents = AgentsOf.create();
    AgentMigrations.of(odds("001_create_odds.sql")).run(agents.owner());
    agents.make(1, 2);
    for (int n = 3; n <= 5; n++) {
      try (Connection connection = agents.database().superuser().getConnection()) {
        AgentsOf.addUser(connection, user(n), "User " + n, n + "@example.com", "agent");
      }
    }
    return agents;
  }

  static void fill(DataSource dataSource, String prefix, int customers) throws SQLException {
    TestDatabase.execute(
        dataSource,
        """
        insert into {p}_customers (agent_id, name, phone, created_at)
        select a.id, E'Name\\t\\\\ \\n' || g, '+' || g, timestamp '2026-01-01' + g * interval '1 minute 1 microsecond'
        from agents a, generate_series(1, %d) g where a.agent_prefix = '{p}';
        insert into {p}_messages (customer_id, message, direction, timestamp)
        select c.id, repeat('text ', 20) || c.id || E'\\\\.\\r\\n', 'inbound', null from {p}_customers c;
        insert into {p}_orders (customer_id, status) select id, null from {p}_customers;
        insert into {p}_orders_items (order_id, name, quantity, price)
        select o.id, 'Item', g, 9.90 from {p}_orders o, generate_series(1, 3) g;
        insert into {p}_odds (customer_id, parent_id, bytes, tags, data, amount, ratio, at, since, day, span, bits)
        select c.id, c.id - 1 + (c.id = 1)::int, decode('00ff0a5c2e', 'hex'),
          array['a', null, '{"\\', ''], '{"k": [1, null, "\\u00e9\\n"]}', 'NaN', '-Infinity',
          '0044-03-15 BC', 'infinity', '-infinity', '-1 mons +3 days 00:00:00.000001', B'10101'
        from {p}_customers c;
        update {p}_customers set odd_id = id where id %% 3 = 0;
        insert into {p}_customers (agent_id, name, phone) select id, 'gone', '' from agents where agent_prefix = '{p}';
        delete from {p}_customers where name = 'gone';
        """
            .formatted(customers)
            .replace("{p}", prefix));
  }

  /** Of each table's rows, in whatever order, without what is the agent's id. */
  static Map<String, String> hashes(DataSource superuser, String schema, String prefix)
      throws SQLException {
    Map<String, String> hashes = new TreeMap<>();
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set timezone = 'UTC'; set extra_float_digits = 1; set search_path = ''");
      for (String query :
          TestDatabase.strings(
              connection,
              """
              select format('select %%L || '' '' || count(*) || '' ''
                || coalesce(sum((''x'' || left(md5(row(%%s)::text), 15))::bit(60)::bigint::numeric), 0) from %%s',
                substr(c.relname, %2$d), string_agg(quote_ident(a.attname), ',' order by a.attname),
                c.oid::regclass)
              from pg_class c
              join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and a.attname <> 'agent_id'
              where c.relnamespace = '%3$s'::regnamespace and c.relname like '%1$s\\_%%' and c.relkind = 'r'
              group by c.oid
              """
                  .formatted(prefix, prefix.length() + 2, schema))) {
        String[] parts = TestDatabase.strings(connection, query).get(0).split(" ", 2);
        hashes.put(parts[0], parts[1]);
      }
    }
    return hashes;
  }

  static byte[] export(DataSource dataSource, String prefix) {
    return export(ARCHIVE, dataSource, prefix, ExportOptions.DEFAULTS);
  }

  static byte[] export(
      AgentArchive archive, DataSource dataSource, String prefix, ExportOptions options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archive.export(dataSource, prefix, out, options);
    return out.toByteArray();
  }

  static ImportReport importAs(DataSource dataSource, String prefix, byte[] archive, UUID user) {
    return ARCHIVE.importAs(
        dataSource, prefix, new ByteArrayInputStream(archive), ImportOptions.user(user));
  }
}
