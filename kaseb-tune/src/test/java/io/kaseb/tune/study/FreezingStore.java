package io.kaseb.tune.study;

import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A store that loses everything after some writes, as when its process is killed then.
public final class FreezingStore implements Store {
  private final MemoryStore kept = new MemoryStore();
  private final MemoryStore shown = new MemoryStore();
  private int writes;

  public FreezingStore(int writes) {
    this.writes = writes;
  }

  /// Returns what was written before the kill.
  public MemoryStore thawed() {
    return kept;
  }

  private synchronized void write(Consumer<Store> write) {
    write.accept(shown);
    if (writes-- > 0) {
      write.accept(kept);
    }
  }

  @Override
  public Optional<Settings> settings() {
    return shown.settings();
  }

  @Override
  public void settings(Settings settings) {
    shown.settings(settings);
    kept.settings(settings);
  }

  @Override
  public StudyStatus status() {
    return shown.status();
  }

  @Override
  public void status(StudyStatus status) {
    write(store -> store.status(status));
  }

  @Override
  public List<Trial> trials() {
    return shown.trials();
  }

  @Override
  public void save(Trial trial) {
    write(store -> store.save(trial));
  }

  @Override
  public void report(int trial, Measurement report) {
    write(store -> store.report(trial, report));
  }

  @Override
  public void request(Request request) {
    shown.request(request);
  }

  @Override
  public List<Request> requests() {
    return shown.requests();
  }

  @Override
  public void fulfilled(int requests) {
    shown.fulfilled(requests);
  }

  @Override
  public void close() {}
}
