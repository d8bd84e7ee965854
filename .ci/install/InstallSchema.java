import dev.dovetable.schema.install.CrmSchema;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Installs with the library where PGHOST, PGPORT and PGDATABASE lead, as the role given; or, with a
 * folder as the second argument, writes the files for psql there.
 */
class InstallSchema {
  public static void main(String[] args) {
    if (args.length > 1) {
      CrmSchema.create().exportTo(java.nio.file.Path.of(args[1]));
      return;
    }
    var database = new PGSimpleDataSource();
    database.setServerNames(new String[] {System.getenv("PGHOST")});
    database.setPortNumbers(new int[] {Integer.parseInt(System.getenv("PGPORT"))});
    database.setDatabaseName(System.getenv("PGDATABASE"));
    database.setUser(args[0]);
    var report = CrmSchema.create().install(database);
    report.notes().forEach(System.out::println);
    System.out.println(report.outcome() + " in " + report.schema() + ", version " + report.version());
  }
}
