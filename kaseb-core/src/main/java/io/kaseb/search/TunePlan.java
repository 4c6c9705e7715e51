package io.kaseb.search;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;
import io.kaseb.config.TrainKeys;
import io.kaseb.config.ValidationShare;
import io.kaseb.data.OpenDataset;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.trial.FormChoice;
import io.kaseb.tune.space.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an experiment's trials do: everything that its study does not know, kept as `plan.json` in
/// the experiment's folder, so that it can go on after any end of its process.
///
/// @param dataset folder of the dataset
/// @param datasetHash the dataset that the experiment began with
/// @param config all keys of the configuration that parameters change
/// @param valid share of the latest training sessions that the objective is measured on
/// @param validSessions those sessions at most
/// @param share share of the other training sessions that trials train on, the most recent ones
/// @param fidelity what a step is: `epochs`, or `sessions`: full trainings on growing shares
/// @param goals [TuneGoal]s, the first decides where only one can
/// @param constraints as in `p99_ms<2`
/// @param threads threads of each trial
/// @param warmCheck null where trials start from random weights; else they start from the nearest
///   trial's, and so many of the best are trained from scratch in the end
public record TunePlan(
    String dataset,
    String datasetHash,
    Map<String, String> config,
    double valid,
    int validSessions,
    double share,
    String fidelity,
    List<String> goals,
    List<String> constraints,
    int threads,
    @Nullable Integer warmCheck) {
  static final String FILE = "plan.json";

  /// Checks the ranges.
  public TunePlan {
    config = new TreeMap<>(config);
    goals = List.copyOf(goals);
    constraints = List.copyOf(constraints);
    goals.forEach(TuneGoal::of);
    constraints.forEach(TuneGoal.Constraint::parse);
    valid = ValidationShare.aboveZero(valid).share();
    if (validSessions < 1) {
      throw KasebException.ofSetting("valid_sessions", validSessions, "1 or more");
    }
    if (!(share > 0 && share <= 1)) {
      throw KasebException.ofSetting("share", share, "above 0 and at most 1, as in 0.5");
    }
    if (!fidelity.equals("epochs") && !fidelity.equals("sessions")) {
      throw KasebException.ofSetting("fidelity", fidelity, "epochs or sessions");
    }
    Workers.of(threads);
    if (warmCheck != null && warmCheck < 0) {
      throw KasebException.ofSetting("warm_check", warmCheck, "0 or more, as in 8");
    }
  }

  /// Returns the plan of a new experiment.
  ///
  /// @param datasetHash hash of the options' dataset
  /// @param concurrency trials at work at the same time
  static TunePlan of(Tune.Options options, String datasetHash, int concurrency) {
    String teacher = options.subject().base().config().distill();
    if (!teacher.isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              null,
              "distill=" + teacher + ": trials have no teacher",
              null,
              "search without it, then train the best configuration with it"));
    }
    Tune.Part part = options.part();
    Tune.Search search = options.search();
    return new TunePlan(
        options.dataset().toAbsolutePath().normalize().toString(),
        datasetHash,
        texts(options.subject().base()),
        part.valid(),
        part.validSessions(),
        part.share(),
        part.fidelity(),
        options.goals().names(),
        options.goals().constraints(),
        search.deterministic() ? 1 : Math.max(1, options.threads() / concurrency),
        search.warmCheck());
  }

  /// Returns a configuration's keys and values as texts.
  static Map<String, String> texts(ConfigFile.Resolved resolved) {
    Map<String, String> texts = new LinkedHashMap<>();
    ConfigFile.values(resolved, true).forEach((key, value) -> texts.put(key, text(value)));
    return texts;
  }

  private static String text(JsonNode value) {
    return value.isArray() ? value.toString() : value.asString();
  }

  /// Returns the configuration that parameters change.
  ConfigFile.Resolved base() {
    return ConfigFile.changed(FILE, ConfigFile.Resolved.DEFAULT, config);
  }

  /// Opens the dataset, to be read on a trial's threads.
  public OpenDataset open() throws IOException {
    return OpenDataset.of(Path.of(dataset), Workers.of(threads));
  }

  /// Returns the configuration of a trial.
  static ConfigFile.Resolved changed(ConfigFile.Resolved base, Parameters parameters) {
    Map<String, String> pairs = new LinkedHashMap<>();
    parameters
        .flat()
        .forEach(
            (name, value) -> {
              if (!FormChoice.claims(name)) {
                pairs.put(TrainKeys.TABLE.canonical(name), text(value));
              }
            });
    if (pairs.getOrDefault("optimizer", "").toLowerCase(Locale.ROOT).endsWith("adam")) {
      // Momentum of the configuration belongs to its own optimiser; adam knows none.
      pairs.putIfAbsent("momentum", "0");
    }
    return ConfigFile.changed("trial", base, pairs);
  }

  /// Whole numbers are written without a point: a quantised `hidden_size` of 64.0 is a number of
  /// units.
  static String text(Object value) {
    boolean whole = value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15;
    return whole ? Long.toString(((Double) value).longValue()) : value.toString();
  }

  /// Returns the same plan with or without warm starts.
  TunePlan withWarmCheck(@Nullable Integer check) {
    return new TunePlan(
        dataset,
        datasetHash,
        config,
        valid,
        validSessions,
        share,
        fidelity,
        goals,
        constraints,
        threads,
        check);
  }

  /// Returns the goals.
  List<TuneGoal> goalList() {
    return goals.stream().map(TuneGoal::of).toList();
  }

  /// Returns the constraints.
  List<TuneGoal.Constraint> constraintList() {
    return constraints.stream().map(TuneGoal.Constraint::parse).toList();
  }

  /// Returns whether any goal or constraint needs the purchase forecast.
  boolean purchases() {
    return goalList().stream().anyMatch(TuneGoal::purchase)
        || constraintList().stream().anyMatch(c -> c.goal().purchase());
  }

  /// Returns the actions whose forecasts goals and constraints measure, each once.
  public List<String> actions() {
    return Stream.concat(goalList().stream(), constraintList().stream().map(c -> c.goal()))
        .filter(TuneGoal::purchase)
        .map(TuneGoal::action)
        .distinct()
        .toList();
  }

  /// Returns whether a goal or a constraint is about something.
  boolean uses(TuneGoal goal) {
    return goalList().contains(goal)
        || constraintList().stream().anyMatch(c -> c.goal().equals(goal));
  }

  /// Returns whether times are measured.
  boolean timed() {
    return uses(TuneGoal.P99) || uses(TuneGoal.TRAIN_SECONDS);
  }

  /// Returns whether a step is an epoch; else it is a share of the sessions.
  boolean byEpochs() {
    return fidelity.equals("epochs");
  }

  /// Returns whether everything that is measured comes with every epoch.
  boolean everyEpoch() {
    return byEpochs()
        && goalList().stream().allMatch(TuneGoal::everyEpoch)
        && constraintList().stream().allMatch(c -> c.goal().everyEpoch());
  }

  /// Writes the plan into an experiment's folder.
  void write(Path folder) throws IOException {
    Json.write(folder.resolve(FILE), this);
  }

  /// Reads the plan of an experiment's folder.
  public static TunePlan read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(), "no experiment of a search (it has no " + FILE + ")", null, null));
    }
    return Json.read(file, TunePlan.class);
  }
}
