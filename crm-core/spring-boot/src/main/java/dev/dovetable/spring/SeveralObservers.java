package dev.dovetable.spring;

import dev.dovetable.core.common.CrmObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tells all of them. Immutable and thread-safe. */
final class SeveralObservers implements CrmObserver {
  private final List<CrmObserver> observers;

  SeveralObservers(List<CrmObserver> observers) {
    this.observers = List.copyOf(observers);
  }

  @Override
  public StatementEnd onStatement(String operation, Optional<String> prefix) {
    List<StatementEnd> ends =
        observers.stream().map(each -> each.onStatement(operation, prefix)).toList();
    return (roundTrips, failure) -> ends.forEach(each -> each.ended(roundTrips, failure));
  }

  @Override
  public void onReceived(String outcome, String kind) {
    observers.forEach(each -> each.onReceived(outcome, kind));
  }

  @Override
  public void onChanges(int changes, Duration lag) {
    observers.forEach(each -> each.onChanges(changes, lag));
  }
}
