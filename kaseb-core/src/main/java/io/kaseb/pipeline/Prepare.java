package io.kaseb.pipeline;

import io.kaseb.base.Build;
import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.LockFile;
import io.kaseb.base.NewFolder;
import io.kaseb.base.Progress;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.Resources;
import io.kaseb.ingest.ClickTables;
import io.kaseb.ingest.DatasetWriter;
import io.kaseb.ingest.SessionRules;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogNotes;
import io.kaseb.logfile.Part;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes a dataset of a click log: the first step of every click's way through Kaseb.
public final class Prepare {
  private final ClickSource source;
  private final Resolved rules;
  private final double maxBadRows;
  private LogNotes notes = new LogNotes(null, null, List.of());

  /// What decides how a log becomes a dataset.
  ///
  /// @param protocol the protocol, or null for the format's own
  /// @param split how the test is split off, or null for the protocol's own
  /// @param realTimes whether times of day are real
  /// @param sessionGapSeconds a longer gap starts a new session, 0 never; null for the format's own
  /// @param maxBadRows share of rows that may be bad, 0 to 1
  /// @param seed decides a split by chance
  public record Rules(
      @Nullable Protocol protocol,
      @Nullable Split split,
      boolean realTimes,
      @Nullable Integer sessionGapSeconds,
      double maxBadRows,
      long seed) {
    /// The format's own rules, real times, 0.1 % of bad rows tolerated, seed 42.
    public static final Rules DEFAULT = new Rules(null, null, true, null, 0.001, 42);

    /// Checks the numbers.
    public Rules {
      if (!(maxBadRows >= 0 && maxBadRows <= 1)) {
        throw KasebException.ofSetting(
            "max_bad_rows", maxBadRows, "a share from 0 to 1, as in 0.001");
      }
      if (sessionGapSeconds != null && sessionGapSeconds < 0) {
        throw KasebException.ofSetting(
            "session_gap", sessionGapSeconds, "a number of seconds, or 0 for no cut");
      }
    }

    /// Returns these rules under a protocol.
    public Rules with(Protocol other) {
      return new Rules(other, split, realTimes, sessionGapSeconds, maxBadRows, seed);
    }

    /// Returns these rules with a split.
    public Rules with(Split other) {
      return new Rules(protocol, other, realTimes, sessionGapSeconds, maxBadRows, seed);
    }

    /// Returns what these rules come to for a log.
    ///
    /// @throws KasebException where they ask for what the log does not have, or contradict its
    ///   files
    public Resolved resolved(ClickSource source) {
      Format format = source.format();
      boolean hasTest = !source.test().isEmpty();
      if (hasTest && split != null) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("test") + " and " + KasebException.setting("split"),
                null,
                null,
                "both say what the test is; give one of them"));
      }
      Protocol used = protocol == null ? format.protocol() : protocol;
      Split cut = hasTest ? new Split.TestFile() : split == null ? used.split(format) : split;
      int gap = sessionGapSeconds == null ? format.sessionGapSeconds(used) : sessionGapSeconds;
      if (!format.hasTimes() && (cut instanceof Split.Days || gap > 0)) {
        throw new KasebException(
            new KasebException.Problem(
                null,
                "this log has no times, which protocol %s, split %s and a session gap of %d s need"
                    .formatted(used, cut, gap),
                null,
                "give %s, with %s or %s (the last lines)"
                    .formatted(
                        KasebException.setting("protocol", "none"),
                        KasebException.setting("test", "FILE"),
                        KasebException.setting("split", "time:0.1"))));
      }
      return new Resolved(format, used, cut, gap, realTimes, seed);
    }
  }

  /// What rules come to for a log, nothing left to the format.
  ///
  /// @param format the log's format
  /// @param protocol the protocol
  /// @param split how the test is told apart
  /// @param sessionGapSeconds a longer gap starts a new session, 0 never
  /// @param realTimes whether times of day are real, where the log has times
  /// @param seed decides a split by chance
  public record Resolved(
      Format format,
      Protocol protocol,
      Split split,
      int sessionGapSeconds,
      boolean realTimes,
      long seed) {
    /// Returns what a manifest says of the log's times.
    public String times() {
      return !format.hasTimes() ? "none" : realTimes ? "real" : "relative";
    }

    /// Returns the rules as a manifest says them.
    public Manifest.Rules said() {
      Protocol.Filter filter = protocol.filter();
      return new Manifest.Rules(
          format.name(),
          protocol.toString(),
          split.toString(),
          protocol.border().toString(),
          sessionGapSeconds,
          filter.dropRepeats(),
          filter.minSessionLength(),
          filter.minItemSupport(),
          filter.toFixpoint(),
          protocol.dropUnseenTestItems(),
          "kept",
          "kept",
          "time, then place in the log",
          "UTC",
          seed);
    }

    /// Fails where nothing is left to train on, or to test on where a test is wanted.
    ///
    /// @param train clicks left in train
    /// @param test clicks left in the test
    public void checkSomethingIsLeft(long train, long test) {
      if (train == 0) {
        throw new KasebException(
            new KasebException.Problem(
                null,
                "no train session is left by protocol %s (sessions of %d clicks or more, items of %d clicks or more) and split %s"
                    .formatted(
                        protocol,
                        protocol.filter().minSessionLength(),
                        protocol.filter().minItemSupport(),
                        split),
                null,
                "give more clicks or " + KasebException.setting("protocol", "none")));
      }
      if (!(split instanceof Split.None) && test == 0) {
        throw new KasebException(
            new KasebException.Problem(
                null,
                "no test session is left by protocol %s and split %s".formatted(protocol, split),
                null,
                "give another "
                    + KasebException.setting("split")
                    + " such as time:0.1, or more days of clicks"));
      }
    }
  }

  /// What was made.
  ///
  /// @param manifest the dataset's manifest
  /// @param notes the log's days, and what looks wrong
  /// @param seconds wall-clock seconds it took
  public record Prepared(Manifest manifest, LogNotes notes, double seconds) {}

  private Prepare(ClickSource source, Rules rules) {
    this.source = source;
    this.maxBadRows = rules.maxBadRows();
    this.rules = rules.resolved(source);
  }

  /// Prepares a log into the folder `out`.
  ///
  /// @param force whether a dataset at `out` may be replaced
  public static Prepared run(
      ClickSource source,
      Rules rules,
      Resources resources,
      Path out,
      boolean force,
      Progress progress)
      throws IOException {
    long started = System.nanoTime();
    source.refuseClicksAsBuys();
    Prepare prepare = new Prepare(source, rules);
    Path target = followed(out.toAbsolutePath().normalize());
    DatasetWriter.checkTarget(target, force);
    NewFolder around = NewFolder.make(Objects.requireNonNull(target.getParent()));
    try (LockFile lock = LockFile.take(LockFile.of(target))) {
      if (lock == null) {
        throw new KasebException(
            new KasebException.Problem(
                out.toString(),
                "another prepare is making it",
                null,
                "wait for it, or give another " + KasebException.setting("out")));
      }
      return prepare.run(target, resources, started, progress);
    } finally {
      around.discard();
    }
  }

  /// A link to a folder stays, and the folder that it points to gets the dataset.
  private static Path followed(Path target) throws IOException {
    return Files.isSymbolicLink(target) && Files.exists(target) ? target.toRealPath() : target;
  }

  private Prepared run(Path target, Resources resources, long started, Progress progress)
      throws IOException {
    Path staging = target.resolveSibling(target.getFileName() + ".part");
    DatasetWriter.checkOwn(staging);
    DatasetWriter.checkOwn(target.resolveSibling(target.getFileName() + ".old"));
    DatasetWriter.delete(staging);
    NewFolder folder = NewFolder.make(staging);
    try {
      Manifest manifest = into(staging, resources, progress);
      DatasetWriter.moveInPlace(staging, target);
      return new Prepared(manifest, notes, (System.nanoTime() - started) / 1e9);
    } finally {
      DatasetWriter.delete(staging);
      folder.discard();
    }
  }

  /// Tells the story of one click: read as text, numbered, filtered, split, written.
  private Manifest into(Path staging, Resources resources, Progress progress) throws IOException {
    Path work = staging.resolve("work");
    Protocol protocol = rules.protocol();
    try (ClickTables tables = ClickTables.open(work, resources, progress)) {
      tables.read(source, maxBadRows);
      tables.number();
      notes = tables.notes(source.format().hasTimes());
      SessionRules sessions = tables.rules();
      long duplicates = sessions.countDuplicates();
      if (rules.sessionGapSeconds() > 0) {
        sessions.cutAtGaps(rules.sessionGapSeconds());
      }
      sessions.filter(protocol.filter());
      sessions.split(rules.split(), protocol.border(), rules.seed());
      if (protocol.dropUnseenTestItems()) {
        sessions.dropUnseenTestItems();
      }
      sessions.dropShortSessions(protocol.filter());
      rules.checkSomethingIsLeft(tables.clicks(Part.TRAIN), tables.clicks(Part.TEST));
      DatasetWriter.Written written = new DatasetWriter(tables, staging).write();
      Manifest manifest = manifest(tables, duplicates, written);
      Json.write(staging.resolve(Manifest.FILE), manifest);
      return manifest;
    } finally {
      DatasetWriter.delete(work);
    }
  }

  private Manifest manifest(ClickTables tables, long duplicates, DatasetWriter.Written written)
      throws IOException {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        Build.version(),
        written.datasetHash(),
        rules.times(),
        rules.said(),
        tables.sources(),
        written.parts().get(0),
        written.parts().get(1),
        written.items(),
        written.trainItems(),
        new Manifest.Cleaning(
            tables.badRows(),
            tables.firstBadRows(),
            duplicates,
            tables.strayPurchases(),
            tables.unmappedItems()),
        written.files(),
        written.actions(),
        written.attributes(),
        written.users());
  }
}
