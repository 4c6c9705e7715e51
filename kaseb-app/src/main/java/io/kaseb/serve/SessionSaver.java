package io.kaseb.serve;

import io.kaseb.base.KasebException;
import io.kaseb.serve.session.MemorySessions;
import io.kaseb.serve.session.SessionFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the sessions of this process in a file: takes them back at the start, and writes them from
/// time to time and at the stop.
final class SessionSaver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionSaver.class);

  private final SessionFile file;
  private final MemorySessions sessions;
  private final Metrics metrics;
  private final Duration pause;
  // The last save may meet one that is being written: both would write to the same place.
  private final ReentrantLock saving = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// Takes note of the file; nothing is read or written yet.
  ///
  /// @param pause between two saves
  SessionSaver(SessionFile file, MemorySessions sessions, Metrics metrics, Duration pause) {
    this.file = file;
    this.sessions = sessions;
    this.metrics = metrics;
    this.pause = pause;
  }

  /// Takes the file for this process, and the saved sessions back; a damaged file is kept.
  ///
  /// @throws io.kaseb.base.KasebException where the file is another server's, or no session file
  void restore() {
    try {
      file.open();
      int n = file.load(sessions);
      LOG.info("{} sessions were saved", n);
    } catch (SessionFile.DamagedException e) {
      LOG.warn(
          "the saved sessions cannot be read, {}: none are taken, and the file is moved beside"
              + " before new ones are saved",
          e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Gives the file back without saving.
  void release() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("the lock of the session file stays: {}", e.toString());
    }
  }

  /// Starts to save from time to time.
  void start() {
    Thread.ofVirtual().name("kaseb-save").start(this::keepSaving);
  }

  private void keepSaving() {
    try {
      while (!closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        save();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Saves now; a failure is logged and counted, and the file stays as it was.
  private void save() {
    saving.lock();
    try {
      Path moved = file.save(sessions);
      if (moved != null) {
        LOG.warn("the damaged session file is now {}", moved);
      }
      metrics.count("sessions.saved");
    } catch (IOException | KasebException e) {
      metrics.count("sessions.save.failed");
      LOG.warn("sessions are not saved, the file stays as it was: {}", e.toString());
    } finally {
      saving.unlock();
    }
  }

  /// Saves for the last time.
  @Override
  public void close() {
    closed.countDown();
    save();
    release();
  }
}
