package dev.dovetable.testkit.server;

import java.lang.reflect.Constructor;
import javax.sql.DataSource;

/**
 * A preparer that is known by its class, and made when it is needed.
 *
 * @param type has a constructor without arguments
 */
record PreparerClass(Class<? extends DatabasePreparer> type) implements DatabasePreparer {

  @Override
  public void prepare(DataSource superuser) throws Exception {
    Constructor<? extends DatabasePreparer> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    constructor.newInstance().prepare(superuser);
  }

  @Override
  public String toString() {
    return type.getName();
  }
}
