package dev.dovetable.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** A database with the schema, installed by a role that is no superuser, and agents in it. */
record AgentsOf(TestDatabase database, DataSource owner) implements AutoCloseable {

  static AgentsOf create() throws SQLException {
    TestDatabase database = TestDatabase.create();
    DataSource owner = database.owner("owner", "createrole");
    CrmSchema.create().install(owner);
    return new AgentsOf(database, owner);
  }

  /** An extension of tests' resources. */
  static AgentExtension visits(String... files) {
    return AgentExtension.fromClassPath("visits", "dev/dovetable/schema/visits", files);
  }

  /** Agents agt_first to agt_last, whose users' ids end in the same numbers. */
  AgentsOf make(int first, int last) throws SQLException {
    database.execute(
        """
        insert into users (id, name, email, role) values (%1$s, 'Admin', 'admin@example.com', 'admin')
        on conflict do nothing;
        insert into users (id, name, email, role)
        select %2$s, 'User ' || n, n || '@example.com', 'agent' from generate_series(%3$d, %4$d) n;
        """
            .formatted(user("0"), user("n"), first, last));
    for (int n = first; n <= last; n++) {
      assertThat(
              database.string(
                  "select message from create_agent(%s, 'agt_%d', %s)"
                      .formatted(user("" + n), n, user("0"))))
          .isEqualTo("agent agt_%d created with its tables".formatted(n));
    }
    return this;
  }

  /** Agents with these prefixes; the first has id 1, the second 2. */
  AgentsOf make(List<String> prefixes) throws SQLException {
    for (int n = 1; n <= prefixes.size(); n++) {
      database.execute(
          """
          insert into users (id, name, email, role) values (%s, 'User %2$d', '%2$d@example.com', 'admin');
          select create_agent(%1$s, '%3$s', %1$s)
          """
              .formatted(user("" + n), n, prefixes.get(n - 1)));
    }
    return this;
  }

  static String user(String number) {
    return "('00000000-0000-0000-0000-' || lpad((" + number + ")::text, 12, '0'))::uuid";
  }

  /** Agents that have a table without its entry in the ledger, or an entry without the table. */
  List<String> halfDone(String suffix, int version) throws SQLException {
    return database.strings(
        """
        select a.agent_prefix
        from agents a
        left join crm_private.agent_versions v on v.agent_id = a.id
          and v.extension = 'visits' and v.version = %2$d
        where (to_regclass(a.agent_prefix || '_%1$s') is null) <> (v.agent_id is null)
        """
            .formatted(suffix, version));
  }

  @Override
  public void close() {
    database.close();
  }
}
