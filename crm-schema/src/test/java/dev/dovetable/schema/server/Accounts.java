package dev.dovetable.schema.server;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.DatabasePreparer;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Supabase's auth service, under its own role, beside the owner of the project. */
final class Accounts implements AutoCloseable {

  /** The schema in a Supabase project. */
  static final class Installed implements DatabasePreparer {
    @Override
    public void prepare(DataSource owner) throws SQLException {
      CrmSchema.create().install(owner);
    }
  }

  final Session auth;
  final Session owner;

  Accounts(PostgresDatabase database) throws SQLException {
    auth = new Session(database.dataSource("supabase_auth_admin"));
    owner = new Session(database.dataSource(database.owner()));
  }

  UUID signUp(String email) throws SQLException {
    return add(email, false, "{\"provider\": \"email\"}");
  }

  UUID signUpConfirmed(String email) throws SQLException {
    return add(email, true, "{\"provider\": \"email\"}");
  }

  UUID add(String email, boolean isConfirmed, String appMetadata) throws SQLException {
    UUID id = UUID.randomUUID();
    auth.execute(
        "insert into users (id, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,"
            + " created_at) values (?, ?, case when ? then now() end, ?::jsonb, '{}', now())",
        id,
        email,
        isConfirmed,
        appMetadata);
    auth.execute(
        "insert into identities (provider_id, user_id, provider, identity_data)"
            + " values (?, ?, 'email', jsonb_build_object('sub', ?::text, 'email', ?::text))",
        id.toString(),
        id,
        id.toString(),
        email);
    return id;
  }

  void confirm(UUID id) throws SQLException {
    auth.execute("update users set email_confirmed_at = now() where id = ?", id);
  }

  UUID insertUser(String email, String role) throws SQLException {
    return UUID.fromString(
        owner.one(
            "insert into users (name, email, role) values ('Name', ?, ?::role) returning id",
            email,
            role));
  }

  long makeAgent(UUID user, String prefix, UUID creator) throws SQLException {
    return Long.parseLong(
        owner.one("select agent ->> 'id' from create_agent(?, ?, ?)", user, prefix, creator));
  }

  /** Id and role. */
  List<List<String>> rowsOf(String email) throws SQLException {
    return owner.rows("select id, role from public.users where lower(email) = lower(?)", email);
  }

  static List<List<String>> row(UUID id, String role) {
    return List.of(List.of(id.toString(), role));
  }

  @Override
  public void close() throws SQLException {
    auth.close();
    owner.close();
  }
}
