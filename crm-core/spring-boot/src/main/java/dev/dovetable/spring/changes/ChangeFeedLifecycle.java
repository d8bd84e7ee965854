package dev.dovetable.spring.changes;

import dev.dovetable.core.Crm;
import dev.dovetable.core.changes.ChangeListener;
import dev.dovetable.core.changes.ChangeSubscription;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * Listens, as the service, from the start of the context to its end. It starts behind all other
 * beans and ends ahead of them, web servers included, so that a listener that hands changes on to
 * open screens has these as long as it is called. Thread-safe.
 */
final class ChangeFeedLifecycle implements SmartLifecycle {
  private final Crm crm;
  private final List<ChangeListener> listeners;
  private final List<ChangeSubscription> open = new ArrayList<>();

  ChangeFeedLifecycle(Crm crm, List<ChangeListener> listeners) {
    this.crm = crm;
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public synchronized void start() {
    if (!open.isEmpty()) {
      return;
    }
    try {
      listeners.forEach(each -> open.add(crm.asService().changes().listen(each)));
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  @Override
  public synchronized void stop() {
    open.forEach(ChangeSubscription::close);
    open.clear();
  }

  @Override
  public synchronized boolean isRunning() {
    return !open.isEmpty();
  }
}
