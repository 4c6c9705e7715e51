package io.kaseb.simulate;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.TrueChances;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Writes what a simulation makes: its log files chunk by chunk, the truth about them, and the note
/// that says what they are.
final class SimulatedFolder {
  /// Says that the folder's data is simulated.
  static final String README = "README.md";

  private final Path folder;
  private final SimulatorConfig config;
  private final Progress progress;

  SimulatedFolder(Path folder, SimulatorConfig config, Progress progress) {
    this.folder = folder;
    this.config = config;
    this.progress = progress;
  }

  /// One chunk's part of each file.
  interface Chunk {
    /// Returns the number of sessions before this chunk; its ids start one above.
    long first();

    /// Returns its bytes of each log file, in the order of the files.
    List<byte[]> logs();

    /// Returns the true purchase probability of each session.
    double[] truth();

    /// Returns those of clicked items.
    Simulation.Chances chances();
  }

  /// All chunks of a simulation; each can be made alone, on any thread.
  ///
  /// @param names the log files
  /// @param sessions of all chunks
  /// @param make makes a chunk
  record Log<C extends Chunk>(
      List<String> names, long sessions, int chunks, IntFunction<? extends C> make) {}

  /// Writes all files, each atomically.
  ///
  /// @param readme the note's text
  /// @param listener hears of each chunk when it is written, in their order
  <C extends Chunk> void write(Log<C> log, String readme, Consumer<? super C> listener)
      throws IOException {
    Files.createDirectories(folder);
    try (SimulatedTruth truth = new SimulatedTruth()) {
      together(log.names(), List.of(), files -> run(log, files, truth, listener));
      AtomicFiles.write(folder.resolve(TrueChances.SESSIONS), truth::writeSessions);
      AtomicFiles.write(folder.resolve(TrueChances.ITEMS), truth::writeItems);
    }
    AtomicFiles.write(folder.resolve(README), file -> Files.writeString(file, readme));
  }

  /// Writes several files as one atomic step each, around one body.
  private void together(List<String> names, List<Path> open, Body body) throws IOException {
    if (names.isEmpty()) {
      body.writeTo(open);
      return;
    }
    AtomicFiles.write(
        folder.resolve(names.getFirst()),
        path -> {
          List<Path> more = new ArrayList<>(open);
          more.add(path);
          together(names.subList(1, names.size()), more, body);
        });
  }

  /// Fills files that are given by their paths.
  @FunctionalInterface
  private interface Body {
    void writeTo(List<Path> files) throws IOException;
  }

  private <C extends Chunk> void run(
      Log<C> log, List<Path> files, SimulatedTruth truth, Consumer<? super C> listener)
      throws IOException {
    List<Path> targets = log.names().stream().map(folder::resolve).toList();
    try (Streams out = new Streams(files, targets)) {
      Workers.of(config.threads())
          .<C>inOrder(
              log.chunks(),
              log.make(),
              chunk -> {
                out.write(chunk.logs());
                truth.add(chunk.first(), chunk.truth(), chunk.chances());
                listener.accept(chunk);
                long done = chunk.first() + chunk.truth().length;
                progress.at("simulating", done, log.sessions(), "sessions");
              });
    }
  }

  /// Several files at once; what cannot be written is named as the user knows it.
  static final class Streams implements Closeable {
    private final List<OutputStream> open = new ArrayList<>();
    private final List<Path> names;

    Streams(List<Path> files, List<Path> names) throws IOException {
      this.names = names;
      try {
        for (Path file : files) {
          open.add(Files.newOutputStream(file));
        }
      } catch (IOException e) {
        close();
        throw e;
      }
    }

    void write(List<byte[]> parts) throws IOException {
      for (int i = 0; i < parts.size(); i++) {
        try {
          open.get(i).write(parts.get(i));
        } catch (IOException e) {
          FileSystemException named =
              new FileSystemException(names.get(i).toString(), null, e.getMessage());
          named.initCause(e);
          throw named;
        }
      }
    }

    @Override
    public void close() throws IOException {
      IOException failure = null;
      for (OutputStream stream : open) {
        try {
          stream.close();
        } catch (IOException e) {
          failure = e;
        }
      }
      if (failure != null) {
        throw failure;
      }
    }
  }
}
