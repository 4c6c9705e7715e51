package io.kaseb.tune.study;

import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import java.util.List;
import java.util.Optional;

/// A store that lets a test wait for what a study has done.
final class SignallingStore implements Store {
  private final MemoryStore store = new MemoryStore();
  private int fulfilled;

  /// Waits until the study has done so many requests in all.
  synchronized void awaitFulfilled(int count) throws InterruptedException {
    while (fulfilled < count) {
      wait();
    }
  }

  /// Waits until the study stands so.
  synchronized void awaitStatus(StudyState state) throws InterruptedException {
    while (store.status().status() != state) {
      wait();
    }
  }

  @Override
  public Optional<Settings> settings() {
    return store.settings();
  }

  @Override
  public void settings(Settings settings) {
    store.settings(settings);
  }

  @Override
  public StudyStatus status() {
    return store.status();
  }

  @Override
  public synchronized void status(StudyStatus status) {
    store.status(status);
    notifyAll();
  }

  @Override
  public List<Trial> trials() {
    return store.trials();
  }

  @Override
  public void save(Trial trial) {
    store.save(trial);
  }

  @Override
  public void report(int trial, Measurement report) {
    store.report(trial, report);
  }

  @Override
  public void request(Request request) {
    store.request(request);
  }

  @Override
  public List<Request> requests() {
    return store.requests();
  }

  @Override
  public synchronized void fulfilled(int requests) {
    store.fulfilled(requests);
    fulfilled += requests;
    notifyAll();
  }

  @Override
  public void close() {
    store.close();
  }
}
