package dev.dovetable.examples.benchmarks.work;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.examples.benchmarks.server.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Programs that read one page of a timeline and tell that they have its first row. Their arguments
 * are a JDBC URL and a prefix. Each is a class of its own, so that it loads nothing of the others.
 */
public final class FirstRow {

  private static final int CUSTOMER = 1;

  private FirstRow() {}

  /** By the library, under row level security. */
  public static final class ByCrm {
    private ByCrm() {}

    public static void main(String[] arguments) {
      Crm crm = Crm.create(dataSource(arguments[0]));
      System.out.println(
          crm.asAgent(arguments[1])
              .messages()
              .timeline(CUSTOMER, PageRequest.first(CrmTimeline.PAGE))
              .items()
              .get(0)
              .id());
    }
  }

  /** By jOOQ alone. */
  public static final class ByJooq {
    private ByJooq() {}

    public static void main(String[] arguments) {
      Table<?> messages = DSL.table(DSL.name(arguments[1] + "_messages"));
      Field<Integer> id = DSL.field(DSL.name("id"), SQLDataType.INTEGER);
      Field<?> timestamp = DSL.field(DSL.name("timestamp"), SQLDataType.LOCALDATETIME);
      System.out.println(
          DSL.using(dataSource(arguments[0]), SQLDialect.POSTGRES)
              .select(
                  id,
                  DSL.field(DSL.name("customer_id"), SQLDataType.INTEGER),
                  DSL.field(DSL.name("message"), SQLDataType.CLOB),
                  DSL.field(DSL.name("direction"), SQLDataType.VARCHAR),
                  timestamp)
              .from(messages)
              .where(DSL.field(DSL.name("customer_id"), SQLDataType.INTEGER).eq(CUSTOMER))
              .and(timestamp.isNotNull())
              .orderBy(timestamp.desc(), id.desc())
              .limit(CrmTimeline.PAGE + 1)
              .fetch()
              .get(0)
              .get(id));
    }
  }

  /** By JDBC alone. */
  public static final class ByJdbc {
    private ByJdbc() {}

    public static void main(String[] arguments) throws SQLException {
      try (Connection connection = dataSource(arguments[0]).getConnection();
          PreparedStatement statement =
              connection.prepareStatement(Sql.of("timeline.sql", arguments[1]))) {
        statement.setInt(1, CUSTOMER);
        try (ResultSet rows = statement.executeQuery()) {
          System.out.println(JdbcMessage.all(rows).get(0).id());
        }
      }
    }
  }

  private static PGSimpleDataSource dataSource(String url) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(url);
    return dataSource;
  }
}
