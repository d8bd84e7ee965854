package dev.dovetable.core.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.schema.migration.RegisteredVersions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Searching as an export brings it, where lower() knows ASCII alone. */
class SearchLocaleTest extends DatabaseTest {
  private static final CrmDoctor DOCTOR = CrmDoctor.builder().schema(Installed.SCHEMA).build();
  private static final String CAPITALS = "'МОСКВА ΑΘΗΝΑ Straße'";

  @AfterAll
  static void drop() throws SQLException {
    run(database.dataSource(), "drop database if exists " + name());
  }

  private static String name() {
    return database.name() + "_c";
  }

  private static void run(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String single(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void itTakesWhatIcuKnowsAndTheDoctorTellsWhereThereIsNone() throws SQLException {
    run(
        database.dataSource(),
        "create database " + name() + " template template0 locale_provider libc locale 'C'");
    PGSimpleDataSource inC = new PGSimpleDataSource();
    inC.setUrl(database.jdbcUrl().replace("/" + database.name(), "/" + name()));
    CrmSchema.builder().schema(Installed.SCHEMA).build().install(inC);
    run(
        inC,
        """
        insert into crm.users (id, name, email, role) values
          ('00000000-0000-0000-0000-000000000001', 'Ada', 'ada@crm.example', 'admin');
        select * from crm.create_agent(user_id => '00000000-0000-0000-0000-000000000001',
          agent_prefix => 'shop', created_by => '00000000-0000-0000-0000-000000000001');
        insert into crm.shop_customers (agent_id, name, phone) select id, 'Ada', '1' from crm.agents;
        insert into crm.shop_messages (customer_id, message, direction) values (1, 'Елка', 'inbound');
        """);
    AgentMigrations.builder(MessageSearch.extension())
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource());
    // As psql runs it, behind the library's own files.
    run(inC, RegisteredVersions.in(Installed.SCHEMA).export(database.dataSource(), "search"));
    assertThat(single(inC, "select name from crm.search_customers('shop', 'ad')")).isEqualTo("Ada");
    assertThat(single(inC, "select lower(" + CAPITALS + ")")).startsWith("МОСКВА");
    String search = "select crm_private.search_text(" + CAPITALS + ")";
    String icu = "select to_regcollation('pg_catalog.\"und-x-icu\"')";

    if (single(inC, icu) != null) {
      assertThat(single(inC, search)).isEqualTo("москва αθηνα strasse");
      assertThat(single(inC, "select message from crm.search_messages('shop', 'елка')"))
          .isEqualTo("Елка");
      assertThat(DOCTOR.examine(inC).findings())
          .extracting(Finding::code)
          .doesNotContain(Finding.Code.LOCALE);
      run(inC, "drop collation pg_catalog.\"und-x-icu\"");
    }

    assertThat(single(inC, search)).isEqualTo("МОСКВА ΑΘΗΝΑ strasse");
    assertThat(DOCTOR.examine(inC).findings())
        .extracting(Finding::code)
        .contains(Finding.Code.LOCALE);
  }
}
