package io.kaseb.tune.study;

import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps a study in memory, for as long as the process lives.
public final class MemoryStore implements Store {
  private final List<Trial> trials = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private @Nullable Settings settings;
  private StudyStatus status = StudyStatus.NEW;

  /// Creates a store of no trials and no settings yet.
  public MemoryStore() {}

  @Override
  public synchronized Optional<Settings> settings() {
    return Optional.ofNullable(settings);
  }

  @Override
  public synchronized void settings(Settings written) {
    settings = written;
  }

  @Override
  public synchronized StudyStatus status() {
    return status;
  }

  @Override
  public synchronized void status(StudyStatus written) {
    status = written;
  }

  @Override
  public synchronized List<Trial> trials() {
    return List.copyOf(trials);
  }

  @Override
  public synchronized void save(Trial trial) {
    boolean there = trial.id() < trials.size();
    Optional<TrialState> stored =
        there ? Optional.of(trials.get(trial.id()).state()) : Optional.empty();
    Store.checkSave(stored, trials.size(), trial);
    if (there) {
      List<Measurement> reports = trials.get(trial.id()).measurements();
      trials.set(trial.id(), trial.withMeasurements(reports));
    } else {
      trials.add(trial.withMeasurements(List.of()));
    }
  }

  @Override
  public synchronized void report(int trial, Measurement report) {
    Trial stored = trials.get(trial);
    Store.checkSave(Optional.of(stored.state()), trials.size(), stored);
    trials.set(trial, stored.reported(report));
  }

  @Override
  public synchronized void request(Request request) {
    requests.add(request);
  }

  @Override
  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public synchronized void fulfilled(int count) {
    requests.subList(0, count).clear();
  }

  @Override
  public void close() {}
}
