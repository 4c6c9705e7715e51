package io.kaseb.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/// Says which threads besides its own a job keeps busy: every Java thread that it starts, however
/// short its life (the flight recorder sees them all), every Java thread that was there before and
/// is found in Kaseb's code meanwhile, and every native thread that a library leaves.
///
/// @param result what the job gave
/// @param started names of the threads that the job's thread started, or that those did
/// @param found names of other threads that were seen in Kaseb's code while the job ran
/// @param left native threads beside the job's own that were there when it ended; 0 where the
///   system does not say
record BusyThreads<T>(T result, Set<String> started, Set<String> found, int left) {
  /// Native threads bear the name of the thread that made them.
  private static final String NAME = "kaseb-counted";

  /// A job that is told which threads were found in Kaseb's code so far.
  interface Job<T> {
    T run(Set<String> found) throws Exception;
  }

  /// Runs a job in a thread of its own.
  static <T> BusyThreads<T> of(Callable<T> job) throws Exception {
    return of(found -> job.call());
  }

  /// Runs a job in a thread of its own.
  static <T> BusyThreads<T> of(Job<T> job) throws Exception {
    Set<Thread> before = inKaseb();
    Set<String> found = ConcurrentHashMap.newKeySet();
    int[] left = new int[1];
    CompletableFuture<T> result = new CompletableFuture<>();
    Set<String> started;
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ThreadStart");
      recording.start();
      Thread own =
          Thread.ofPlatform()
              .name(NAME)
              .start(
                  () -> {
                    try {
                      T made = job.run(found);
                      left[0] = Math.max(0, named() - 1);
                      result.complete(made);
                    } catch (Throwable e) {
                      result.completeExceptionally(e);
                    }
                  });
      while (own.isAlive()) {
        for (Thread thread : inKaseb()) {
          if (thread != own && !before.contains(thread)) {
            found.add(thread.getName());
          }
        }
        own.join(5);
      }
      recording.stop();
      started = started(recording);
    }
    return new BusyThreads<>(result.get(), started, found, left[0]);
  }

  /// Returns the threads that run Kaseb's code right now, besides the one that asks.
  private static Set<Thread> inKaseb() {
    Set<Thread> busy = new HashSet<>();
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              boolean runs =
                  Stream.of(stack).anyMatch(frame -> frame.getClassName().startsWith("io.kaseb."));
              if (runs && thread != Thread.currentThread()) {
                busy.add(thread);
              }
            });
    return busy;
  }

  private static Set<String> started(Recording recording) throws IOException {
    Path file = Files.createTempFile("threads", ".jfr");
    try {
      recording.dump(file);
      List<RecordedEvent> starts = new ArrayList<>();
      for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
        if (event.getEventType().getName().equals("jdk.ThreadStart")) {
          starts.add(event);
        }
      }
      Set<Long> own = new HashSet<>();
      Set<String> names = new HashSet<>();
      for (boolean more = true; more; ) {
        more = false;
        for (RecordedEvent event : starts) {
          RecordedThread thread = event.getThread("thread");
          RecordedThread parent = event.getThread("parentThread");
          boolean isChild =
              parent != null
                  && (own.contains(parent.getJavaThreadId()) || NAME.equals(parent.getJavaName()));
          if (isChild && own.add(thread.getJavaThreadId())) {
            names.add(thread.getJavaName());
            more = true;
          }
        }
      }
      return names;
    } finally {
      Files.delete(file);
    }
  }

  /// Returns how many threads of the system bear the job's name.
  private static int named() throws IOException {
    Path tasks = Path.of("/proc/self/task");
    if (!Files.isDirectory(tasks)) {
      return 0;
    }
    int count = 0;
    try (Stream<Path> all = Files.list(tasks)) {
      for (Path task : all.toList()) {
        Path comm = task.resolve("comm");
        count += Files.exists(comm) && Files.readString(comm).strip().equals(NAME) ? 1 : 0;
      }
    }
    return count;
  }
}
