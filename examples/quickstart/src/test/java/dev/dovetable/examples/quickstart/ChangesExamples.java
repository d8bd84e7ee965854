package dev.dovetable.examples.quickstart;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.changes.Change;
import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.changes.ChangeSubscription;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.migration.AgentMigrations;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;

/** The Java of the page on live changes. */
final class ChangesExamples {
  final BlockingQueue<String> refreshed = new LinkedBlockingQueue<>();
  final List<Change> indexed = new ArrayList<>();

  void register(DataSource dataSource) {
    // docs/changes.md begins
    AgentMigrations.of(Webhooks.extension(), ChangeFeed.extension()).run(dataSource);
    // ends
  }

  ChangeSubscription screen(TenantScope shop) {
    // docs/changes.md begins
    ChangeSubscription screen =
        shop.changes()
            .listen(
                changes -> {
                  for (Change change : changes) {
                    refresh(change.topic(), change.customerIds());
                  }
                });
    // ends
    return screen;
  }

  private void refresh(String topic, List<Integer> customers) {
    refreshed.add(topic + " " + customers);
  }

  int take(Crm crm) {
    // docs/changes.md begins
    int taken =
        crm.transaction(
            inner -> {
              List<Change> changes = inner.asService().changes().consumer("search").take(100);
              index(inner, changes);
              return changes.size();
            });
    // ends
    return taken;
  }

  private void index(Crm inner, List<Change> changes) {
    inner.asService();
    indexed.addAll(changes);
  }

  void rotate(Crm crm) {
    // docs/changes.md begins
    crm.asService().changes().rotate();
    // ends
  }
}
