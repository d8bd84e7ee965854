import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.SchemaStatus;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Has a restored database work again, where PGHOST, PGPORT and PGDATABASE lead, as the role given,
 * by what the second argument says: install, repair, or nothing. Fails unless the installation is
 * whole then, and unless it was told before that it wasn't.
 */
class BringBack {
  public static void main(String[] args) {
    var database = new PGSimpleDataSource();
    database.setServerNames(new String[] {System.getenv("PGHOST")});
    database.setPortNumbers(new int[] {Integer.parseInt(System.getenv("PGPORT"))});
    database.setDatabaseName(System.getenv("PGDATABASE"));
    database.setUser(args[0]);
    CrmSchema schema = CrmSchema.create();
    CrmDoctor doctor = CrmDoctor.create();

    SchemaStatus restored = schema.status(database);
    boolean isWhole = restored.state() == SchemaStatus.State.CURRENT;
    if (isWhole != args[1].equals("nothing")) {
      throw new AssertionError("restored, it is " + restored.state() + ": " + restored.details());
    }
    switch (args[1]) {
      case "install" -> schema.install(database);
      case "repair" -> {
        var repair = doctor.repair(database, doctor.examine(database));
        if (!repair.failures().isEmpty()) {
          throw new AssertionError("not repaired: " + repair.failures());
        }
      }
      default -> {}
    }
    schema.validate(database);
    SchemaStatus now = schema.status(database);
    if (now.state() != SchemaStatus.State.CURRENT || !now.details().isEmpty()) {
      throw new AssertionError("after " + args[1] + " it is " + now.state() + ": " + now.details());
    }
    var findings = doctor.examine(database).findings();
    if (!findings.equals(List.of())) {
      throw new AssertionError("after " + args[1] + " the doctor finds " + findings);
    }
  }
}
