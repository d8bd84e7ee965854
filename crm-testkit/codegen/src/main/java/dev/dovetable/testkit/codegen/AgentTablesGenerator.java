package dev.dovetable.testkit.codegen;

import java.util.List;
import org.jooq.codegen.DefaultGeneratorStrategy;
import org.jooq.codegen.GeneratorStrategy;
import org.jooq.codegen.JavaGenerator;
import org.jooq.meta.Database;
import org.jooq.meta.Definition;
import org.jooq.meta.EnumDefinition;
import org.jooq.meta.RoutineDefinition;
import org.jooq.meta.TableDefinition;
import org.jooq.meta.jaxb.CatalogMappingType;
import org.jooq.meta.jaxb.SchemaMappingType;

/**
 * jOOQ's generator for Java, with the settings that tables for {@code TenantScope.table(…)} need.
 * To be named in jOOQ's configuration, together with {@link AgentTablesDatabase}:
 *
 * <ul>
 *   <li>Only an agent's tables are generated, the four of every agent among them, and types of the
 *       application's. {@code includes} and {@code excludes} can leave some of them out.
 *   <li>They have no schema of their own, so that they take the one they are bound to.
 *   <li>There are no join paths, which would lead from an agent's table to the template's.
 *   <li>Classes are named by {@link AgentTablesStrategy}, unless the configuration names a
 *       strategy.
 * </ul>
 *
 * <p>All else is as configured. Not thread-safe, like its superclass.
 */
public class AgentTablesGenerator extends JavaGenerator {
  /** The enum type of the base tables. */
  private static final String ROLES = "role";

  /** Creates the generator, for jOOQ. */
  public AgentTablesGenerator() {}

  @Override
  public void setStrategy(GeneratorStrategy strategy) {
    super.setStrategy(
        strategy.getClass() == DefaultGeneratorStrategy.class
            ? new AgentTablesStrategy()
            : strategy);
  }

  @Override
  public void generate(Database database) {
    // As jOOQ does it for a top-level inputSchema with outputSchemaToDefault.
    SchemaMappingType schema =
        new SchemaMappingType().withInputSchema(TemplateAgent.SCHEMA).withOutputSchema("");
    database.setConfiguredCatalogs(
        List.of(
            new CatalogMappingType()
                .withInputCatalog("")
                .withOutputCatalog("")
                .withSchemata(schema)));
    database.setConfiguredSchemata(List.of(schema));
    database.addFilter(AgentTablesGenerator::isShared);
    setGenerateDefaultCatalog(false);
    setGenerateDefaultSchema(false);
    setGenerateImplicitJoinPathsToOne(false);
    setGenerateImplicitJoinPathsToMany(false);
    super.generate(database);
  }

  /** Whether it is the CRM's and no agent's own. */
  private static boolean isShared(Definition definition) {
    return definition instanceof TableDefinition
            && !definition.getName().startsWith(TemplateAgent.PREFIX + "_")
        || definition instanceof RoutineDefinition
        || definition instanceof EnumDefinition && definition.getName().equals(ROLES);
  }
}
