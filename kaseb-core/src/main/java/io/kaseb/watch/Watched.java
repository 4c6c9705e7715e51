package io.kaseb.watch;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.store.Experiment;
import io.kaseb.store.StudyChanges;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Importance;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// An experiment that is being looked at. It is read once; then only what can have changed is read
/// again, after others wrote to its file. Everything is asked for by version, so that who has one
/// version gets what came after it.
public final class Watched implements AutoCloseable {
  /// Fewer trials say nothing about what matters; a forest over more says the same for longer.
  private static final int LEAST_FOR_IMPORTANCE = 8;

  private static final int MOST_FOR_IMPORTANCE = 2_000;

  /// Beside a study whose trials are trainings.
  private static final String PLAN = "plan.json";

  private static final JsonMapper COMPACT =
      Json.MAPPER.rebuild().disable(SerializationFeature.INDENT_OUTPUT).build();

  private final Experiment experiment;
  private final StudyChanges changes;

  /// Names this reading of the file: versions of another one mean nothing here.
  private final String generation = UUID.randomUUID().toString().substring(0, 8);

  private final List<Trial> trials = new ArrayList<>();
  private final List<Long> changedAt = new ArrayList<>();
  private final Map<Integer, List<long[]>> times = new LinkedHashMap<>();
  private final TreeSet<Integer> unfinished = new TreeSet<>();
  private Map<Integer, String> notes = Map.of();
  private Map<String, Object> overview = Map.of();
  private long fileVersion = -1;
  private long version;
  private long overviewAt;
  private Settings settings;

  /// What all of it was when that was asked for last.
  private @Nullable News whole;

  /// Guards what reads all reports: it takes seconds, and nothing else waits for it.
  private final Object reportsLock = new Object();

  /// The same experiment, opened a second time to read all reports.
  private @Nullable Experiment reports;

  /// The reports of some trials, and of all, as they were when they were asked for last.
  private @Nullable News someCurves;

  private @Nullable News wholeCurves;

  private boolean isClosed;

  private Watched(Experiment experiment) {
    this.experiment = experiment;
    this.changes = experiment.store().changes();
    this.settings = experiment.settings();
  }

  /// Opens an experiment's folder.
  public static Watched open(Path folder) throws IOException {
    Experiment experiment = Experiment.open(folder);
    try {
      return new Watched(experiment);
    } catch (RuntimeException e) {
      experiment.close();
      throw e;
    }
  }

  /// Reads what has changed.
  ///
  /// @return the version that this experiment has now; it grows with every change
  public synchronized long refresh() throws IOException {
    long now = changes.version();
    if (now != fileVersion) {
      settings = experiment.settings();
      readTrials();
      // Read at last: what failed is read again.
      fileVersion = now;
    }
    Map<String, Object> current = overview();
    if (!current.equals(overview)) {
      overview = current;
      overviewAt = ++version;
    }
    return version;
  }

  private void readTrials() {
    long next = version + 1;
    List<Trial> read = changes.trials(settings.goals().size(), trials.size(), unfinished);
    Set<Integer> changed = new TreeSet<>();
    for (Trial trial : read) {
      int id = trial.id();
      if (id > trials.size()) {
        throw new KasebException(
            new KasebException.Problem(
                experiment.folder().toString(),
                "trial " + trials.size() + " is missing, and trial " + id + " is there",
                null,
                "the experiment's file was changed by another program: put back a copy"));
      }
      if (id == trials.size()) {
        trials.add(trial);
        changedAt.add(next);
        changed.add(id);
      } else if (!trial.equals(trials.get(id))) {
        trials.set(id, trial);
        changedAt.set(id, next);
        changed.add(id);
      }
      if (trial.state().finished()) {
        unfinished.remove(id);
      } else {
        unfinished.add(id);
      }
    }
    times.putAll(changes.times(changed));
    Map<Integer, String> noted = changes.notes();
    for (Integer id : difference(notes, noted)) {
      if (id >= 0 && id < trials.size()) {
        changedAt.set(id, next);
        changed.add(id);
      }
    }
    notes = noted;
    if (!changed.isEmpty()) {
      version = next;
    }
  }

  private static Set<Integer> difference(Map<Integer, String> a, Map<Integer, String> b) {
    Set<Integer> ids = new TreeSet<>(a.keySet());
    ids.addAll(b.keySet());
    ids.removeIf(id -> Objects.equals(a.get(id), b.get(id)));
    return ids;
  }

  private Map<String, Object> overview() throws IOException {
    StudyStatus status = experiment.status();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", settings.name());
    out.put("folder", experiment.folder().toString());
    out.put("running", experiment.running());
    out.put("status", status.status().name());
    out.put("reason", status.reason());
    out.put("seconds", status.seconds());
    OptionalLong since = changes.standingSince();
    boolean counts =
        status.status() == StudyState.RUNNING
            || status.status() == StudyState.PAUSED
            || status.status() == StudyState.STOPPING;
    // Only one that runs counts on.
    out.put("since", counts && since.isPresent() ? since.getAsLong() : 0L);
    out.putAll(SettingsColumns.of(settings));
    out.put("trains", Files.exists(experiment.folder().resolve(PLAN)));
    out.put("note", notes.getOrDefault(StudyChanges.WHOLE, ""));
    return out;
  }

  /// What has changed.
  ///
  /// @param version that the reader has then
  /// @param json as a page takes it
  public record News(String version, byte[] json) {}

  /// Returns what has changed since a version: all where the version is not of this reading.
  ///
  /// @param since a version as earlier answers named it, or any other text
  /// @param withCurves whether the changed trials' reports come with it; with all trials those of
  ///   some come, as in [#curves]
  public synchronized News news(String since, boolean withCurves) {
    long from = since(since);
    News known = whole;
    if (from < 0 && !withCurves && known != null && known.version().equals(version())) {
      return known;
    }
    List<Trial> some = new ArrayList<>();
    for (int id = 0; id < trials.size(); id++) {
      if (changedAt.get(id) > from) {
        some.add(trials.get(id));
      }
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("version", version());
    out.put("whole", from < 0);
    if (overviewAt > from) {
      out.put("overview", overview);
    }
    out.put("trials", TrialColumns.of(some, settings, times, notes));
    if (withCurves) {
      out.put("curves", from < 0 ? sampled(changes, sample()) : curves(some));
    }
    News news = new News(version(), COMPACT.writeValueAsBytes(out));
    if (from < 0 && !withCurves) {
      whole = news;
    }
    return news;
  }

  private long since(String since) {
    int dot = since.indexOf('.');
    boolean isOurs = dot > 0 && since.substring(0, dot).equals(generation);
    return isOurs && since.substring(dot + 1).matches("[0-9]{1,18}")
        ? Long.parseLong(since.substring(dot + 1))
        : -1;
  }

  /// Returns whether something has changed since a version.
  public synchronized boolean isNews(String since) {
    return since(since) != version;
  }

  private String version() {
    return generation + "." + version;
  }

  private Map<String, Object> curves(List<Trial> some) {
    List<Integer> ids = some.stream().map(Trial::id).toList();
    return CurveColumns.of(ids.isEmpty() ? Map.of() : changes.curves(ids), false);
  }

  private ReportSample sample() {
    return ReportSample.of(trials, settings.goals().getFirst().maximize());
  }

  /// Returns the curves of a sample, and with them what a page tells about it: `of` how many
  /// trials, `best` and `latest` how many of the sample were taken as such, `points` of a trial at
  /// most.
  private static Map<String, Object> sampled(StudyChanges changes, ReportSample sample) {
    List<Integer> ids = sample.trials();
    Map<String, Object> out =
        CurveColumns.of(ids.isEmpty() ? Map.of() : changes.curves(ids), false);
    out.put("of", sample.of());
    out.put("best", ReportSample.BEST);
    out.put("latest", ReportSample.LATEST);
    out.put("points", ReportSample.MOST_POINTS);
    return out;
  }

  /// Returns trials' reports of the first goal as JSON.
  ///
  /// @param all whether those of all trials and all points are wanted; else, of many, those of some
  ///   trials and some points of each, as many as a chart of all can show
  public byte[] curves(boolean all) throws IOException {
    synchronized (reportsLock) {
      String now;
      ReportSample sample;
      synchronized (this) {
        now = version();
        sample = sample();
      }
      News known = all ? wholeCurves : someCurves;
      if (known != null && known.version().equals(now)) {
        return known.json();
      }
      StudyChanges read = reports().store().changes();
      Map<String, Object> columns =
          all ? CurveColumns.of(read.curves(null), true) : sampled(read, sample);
      known = new News(now, COMPACT.writeValueAsBytes(columns));
      if (all) {
        wholeCurves = known;
      } else {
        someCurves = known;
      }
      return known.json();
    }
  }

  /// What a trial has reported.
  ///
  /// @param steps ascending
  /// @param values a column for each goal, one value for each step
  public record Reports(int[] steps, double[][] values) {}

  /// Returns all reports of a trial.
  ///
  /// @throws IllegalArgumentException where there is no such trial
  public synchronized Reports reports(int trial) {
    trial(trial);
    List<Measurement> read = changes.reports(trial, settings.goals().size());
    double[][] values = new double[settings.goals().size()][];
    for (int g = 0; g < values.length; g++) {
      int goal = g;
      values[g] = read.stream().mapToDouble(report -> report.values().get(goal)).toArray();
    }
    return new Reports(read.stream().mapToInt(Measurement::step).toArray(), values);
  }

  private Experiment reports() throws IOException {
    if (isClosed) {
      throw new IOException(experiment.folder() + ": is no longer looked at");
    }
    Experiment open = reports;
    if (open == null) {
      open = Experiment.open(experiment.folder());
      reports = open;
    }
    return open;
  }

  /// Returns each parameter's share of the variance of a goal that it explains by itself, largest
  /// first, by its path; none where too few trials have a result. Of many trials some are taken,
  /// evenly over the search.
  public Map<String, Double> importance(int goal) {
    List<Trial> measured = new ArrayList<>();
    Settings known;
    synchronized (this) {
      known = settings;
      for (Trial trial : trials) {
        if (!trial.values().isEmpty() && trial.state() != TrialState.RUNNING) {
          measured.add(trial);
        }
      }
    }
    int every = Math.max(1, (measured.size() + MOST_FOR_IMPORTANCE - 1) / MOST_FOR_IMPORTANCE);
    List<Trial> some = new ArrayList<>();
    for (int i = 0; i < measured.size(); i += every) {
      some.add(measured.get(i));
    }
    History history = History.of(known.space(), known.goals(), known.budget(), some);
    return history.measured().size() < LEAST_FOR_IMPORTANCE
        ? Map.of()
        : Importance.of(history, goal);
  }

  /// Returns a trial's parameters.
  ///
  /// @throws IllegalArgumentException where there is no such trial
  public synchronized Trial trial(int id) {
    if (id < 0 || id >= trials.size()) {
      throw new IllegalArgumentException("there is no trial " + id);
    }
    return trials.get(id);
  }

  /// Returns the settings.
  public synchronized Settings settings() {
    return settings;
  }

  /// Writes a note; an empty one takes the old one away.
  ///
  /// @param trial a trial's id, or [StudyChanges#WHOLE]
  public synchronized void note(int trial, String text) throws IOException {
    changes.note(trial, text);
    // Its own writing does not change what the file's version is to this reader.
    fileVersion = -1;
    refresh();
  }

  @Override
  public void close() throws IOException {
    synchronized (reportsLock) {
      isClosed = true;
      Experiment open = reports;
      if (open != null) {
        open.close();
      }
    }
    synchronized (this) {
      experiment.close();
    }
  }
}
