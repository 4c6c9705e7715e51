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
  private final Rules rules;
  private final Split split;
  private final int sessionGapSeconds;
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
  }

  /// What was made.
  ///
  /// @param manifest the dataset's manifest
  /// @param notes the log's days, and what looks wrong
  /// @param seconds wall-clock seconds it took
  public record Prepared(Manifest manifest, LogNotes notes, double seconds) {}

  private Prepare(ClickSource source, Rules rules) {
    this.source = source;
    Protocol protocol = rules.protocol() == null ? source.format().protocol() : rules.protocol();
    this.rules = rules.with(protocol);
    this.split =
        !source.test().isEmpty()
            ? new Split.TestFile()
            : rules.split() == null ? protocol.split(source.format()) : rules.split();
    this.sessionGapSeconds =
        rules.sessionGapSeconds() == null
            ? source.format().sessionGapSeconds(protocol)
            : rules.sessionGapSeconds();
    if (!source.test().isEmpty() && rules.split() != null) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("test") + " and " + KasebException.setting("split"),
              null,
              null,
              "both say what the test is; give one of them"));
    }
    if (!source.format().hasTimes() && (split instanceof Split.Days || sessionGapSeconds > 0)) {
      throw new KasebException(
          new KasebException.Problem(
              null,
              "this log has no times, which protocol %s, split %s and a session gap of %d s need"
                  .formatted(protocol, split, sessionGapSeconds),
              null,
              "give %s, with %s or %s (the last lines)"
                  .formatted(
                      KasebException.setting("protocol", "none"),
                      KasebException.setting("test", "FILE"),
                      KasebException.setting("split", "time:0.1"))));
    }
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
    Protocol protocol = protocol();
    try (ClickTables tables = ClickTables.open(work, resources, progress)) {
      tables.read(source, rules.maxBadRows());
      tables.number();
      notes = tables.notes(source.format().hasTimes());
      SessionRules sessions = tables.rules();
      long duplicates = sessions.countDuplicates();
      if (sessionGapSeconds > 0) {
        sessions.cutAtGaps(sessionGapSeconds);
      }
      sessions.filter(protocol.filter());
      sessions.split(split, protocol.border(), rules.seed());
      if (protocol.dropUnseenTestItems()) {
        sessions.dropUnseenTestItems();
      }
      sessions.dropShortSessions(protocol.filter());
      checkSomethingIsLeft(tables);
      DatasetWriter.Written written = new DatasetWriter(tables, staging).write();
      Manifest manifest = manifest(tables, duplicates, written);
      Json.write(staging.resolve(Manifest.FILE), manifest);
      return manifest;
    } finally {
      DatasetWriter.delete(work);
    }
  }

  private void checkSomethingIsLeft(ClickTables tables) {
    if (tables.clicks(Part.TRAIN) == 0) {
      throw new KasebException(
          new KasebException.Problem(
              null,
              "no train session is left by protocol %s (sessions of %d clicks or more, items of %d clicks or more) and split %s"
                  .formatted(
                      protocol(),
                      protocol().filter().minSessionLength(),
                      protocol().filter().minItemSupport(),
                      split),
              null,
              "give more clicks or " + KasebException.setting("protocol", "none")));
    }
    if (!(split instanceof Split.None) && tables.clicks(Part.TEST) == 0) {
      throw new KasebException(
          new KasebException.Problem(
              null,
              "no test session is left by protocol %s and split %s".formatted(protocol(), split),
              null,
              "give another "
                  + KasebException.setting("split")
                  + " such as time:0.1, or more days of clicks"));
    }
  }

  private Manifest manifest(ClickTables tables, long duplicates, DatasetWriter.Written written)
      throws IOException {
    Protocol.Filter filter = protocol().filter();
    String times = !source.format().hasTimes() ? "none" : rules.realTimes() ? "real" : "relative";
    return new Manifest(
        Manifest.FORMAT_VERSION,
        Build.version(),
        written.datasetHash(),
        times,
        new Manifest.Rules(
            source.format().name(),
            protocol().toString(),
            split.toString(),
            protocol().border().toString(),
            sessionGapSeconds,
            filter.dropRepeats(),
            filter.minSessionLength(),
            filter.minItemSupport(),
            filter.toFixpoint(),
            protocol().dropUnseenTestItems(),
            "kept",
            "kept",
            "time, then place in the log",
            "UTC",
            rules.seed()),
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

  private Protocol protocol() {
    return Objects.requireNonNull(rules.protocol());
  }
}
