package dev.dovetable.schema.database;

import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.DatabasePreparer;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The part of Supabase's auth schema that users follows, made before the installation. */
final class WithAuthService implements DatabasePreparer {
  @Override
  public void prepare(DataSource superuser) throws SQLException {
    try (Session session = new Session(superuser)) {
      session.execute(
          """
          create schema auth;
          create table auth.users (
            id uuid not null primary key,
            role varchar(255),
            email varchar(255),
            raw_app_meta_data jsonb,
            raw_user_meta_data jsonb,
            last_sign_in_at timestamptz,
            phone text unique default null,
            is_sso_user boolean not null default false,
            is_anonymous boolean not null default false
          );
          create unique index users_email_partial_key on auth.users (email) where is_sso_user = false;
          alter table auth.users enable row level security;
          create table auth.updates (id uuid, email text);
          create function auth.count_updates() returns trigger language plpgsql security definer as $$
          begin
            insert into auth.updates values (new.id, new.email);
            return new;
          end $$;
          create trigger count_updates after update on auth.users
            for each row execute function auth.count_updates();
          """);
    }
    CrmSchema.create().install(superuser);
  }
}
