package dev.dovetable.core.internal.sql;

import dev.dovetable.core.jooq.tables.Agents;
import dev.dovetable.core.jooq.tables.Users;
import dev.dovetable.core.jooq.tables.WhatsappConfiguration;
import dev.dovetable.schema.internal.settings.Names;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The tables that all agents share, and the functions, under the schema they are installed in. */
public record BaseTables(
    String schema, Users users, Agents agents, WhatsappConfiguration whatsappConfiguration)
    implements Subject, SqlTemplate.TableNames {

  public static BaseTables of(String schema) {
    return new BaseTables(
        schema,
        Users.USERS.rename(DSL.name(schema, Users.USERS.getName())),
        Agents.AGENTS.rename(DSL.name(schema, Agents.AGENTS.getName())),
        WhatsappConfiguration.WHATSAPP_CONFIGURATION.rename(
            DSL.name(schema, WhatsappConfiguration.WHATSAPP_CONFIGURATION.getName())));
  }

  @Override
  public String name() {
    return "the CRM in schema " + schema;
  }

  @Override
  public Name table(String template) {
    return DSL.name(schema, template);
  }

  /** The qualified name of a function that only this library calls. */
  public Name internal(String function) {
    return DSL.name(Names.privateSchema(schema), function);
  }

  /** The qualified name of a function of the schema. */
  public Name named(Table<? extends Record> function) {
    return DSL.name(schema, function.getName());
  }
}
