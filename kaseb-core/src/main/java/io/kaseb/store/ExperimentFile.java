package io.kaseb.store;

import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import io.kaseb.base.TextFiles;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Goal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads NNI's experiment YAML.
public final class ExperimentFile {
  private static final List<String> KNOWN =
      List.of(
          "experimentName",
          "searchSpace",
          "searchSpaceFile",
          "trialConcurrency",
          "maxExperimentDuration",
          "maxTrialNumber",
          "maxTrialDuration",
          "tuner",
          "assessor",
          "advisor");

  /// What NNI's first version called the same.
  private static final Map<String, String> FIRST_VERSION =
      Map.of(
          "searchSpacePath", "searchSpaceFile",
          "maxExecDuration", "maxExperimentDuration",
          "maxTrialNum", "maxTrialNumber");

  /// The same within a tuner, an assessor and an advisor.
  private static final List<String> NAMES =
      List.of("name", "builtinTunerName", "builtinAssessorName", "builtinAdvisorName");

  /// NNI's keys that mean nothing inside one process.
  private static final Set<String> IGNORED =
      Set.of(
          "trialCommand",
          "trialCodeDirectory",
          "trialGpuNumber",
          "trainingService",
          "debug",
          "logLevel",
          "logCollection",
          "nniManagerIp",
          "useAnnotation",
          "experimentWorkingDirectory",
          "experimentType",
          "tunerGpuIndices",
          "sharedStorage",
          "authorName",
          "nniVersion",
          "description",
          "trial",
          "trainingServicePlatform",
          "localConfig",
          "remoteConfig",
          "machineList",
          "paiConfig",
          "paiYarnConfig",
          "kubeflowConfig",
          "frameworkcontrollerConfig",
          "dlcConfig",
          "dltsConfig",
          "amlConfig",
          "adlConfig",
          "hybridConfig",
          "multiPhase",
          "multiThread",
          "logDir",
          "versionCheck",
          "nniManagerNFSMountPath",
          "reuse");

  /// Arguments of NNI's tuners and assessors that ours decide themselves.
  private static final Set<String> IGNORED_ARGS =
      Set.of(
          "prior_weight",
          "gamma",
          "utility",
          "kappa",
          "xi",
          "nu",
          "alpha",
          "gap",
          "exec_mode",
          "config_space",
          "all_checkpoint_dir",
          "selection_num_warm_up",
          "selection_num_starting_points",
          "parallel_optimize");

  /// NNI's names of arguments that have another name here.
  private static final Map<String, String> RENAMED =
      Map.of(
          "constant_liar_type", "liar",
          "n_startup_jobs", "startup",
          "n_ei_candidates", "candidates");

  private ExperimentFile() {}

  /// What a file says.
  ///
  /// @param settings the study's settings
  /// @param ignored keys that mean nothing here, for one warning
  public record Read(Settings settings, List<String> ignored) {}

  /// Returns whether a file looks like an experiment rather than a search space.
  public static boolean isOne(Path file) throws IOException {
    return isOne(file.toString(), TextFiles.read(file));
  }

  /// Returns the same of the text of a file that has been read already.
  ///
  /// @param file its name, for messages
  public static boolean isOne(String file, String text) {
    try {
      JsonNode root = Yaml.read(file, text);
      return root.has("searchSpace")
          || root.has("searchSpaceFile")
          || root.has("searchSpacePath")
          || root.path("trialConcurrency").isNumber();
    } catch (KasebException e) {
      // JSON lines, or broken: the reader of spaces says so.
      return false;
    }
  }

  /// Reads a file.
  ///
  /// @param goal its name; `optimize_mode` in the file decides the direction where it stands
  /// @param budget steps of a full trial where the file says none (`R`, `max_budget`, `epoch_num`)
  public static Read read(Path file, Goal goal, int budget) throws IOException {
    return of(file, TextFiles.read(file), goal, budget);
  }

  /// Reads the text of a file that has been read already; what it names by relative paths lies
  /// beside the file.
  public static Read of(Path file, String text, Goal goal, int budget) throws IOException {
    JsonNode root = Yaml.read(file.toString(), text);
    if (!(root instanceof ObjectNode keys)) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(), null, "keys with values, as in `maxTrialNumber: 60`", null));
    }
    renamed(file, keys);
    TreeSet<String> ignored = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (IGNORED.contains(entry.getKey())) {
        ignored.add(entry.getKey());
      } else if (!KNOWN.contains(entry.getKey())) {
        throw new KasebException(
            new KasebException.Problem(
                file.toString(),
                "unknown key " + entry.getKey(),
                null,
                "did you mean " + Nearest.of(entry.getKey(), KNOWN) + "?"));
      }
    }
    try {
      Settings settings = settings(file, root, goal, budget, ignored);
      return new Read(settings, List.copyOf(ignored));
    } catch (IllegalArgumentException e) {
      throw KasebException.at(file.toString(), e);
    }
  }

  private static void renamed(Path file, ObjectNode root) {
    FIRST_VERSION.forEach(
        (old, name) -> {
          JsonNode value = root.remove(old);
          if (value != null && root.has(name)) {
            throw new KasebException(
                new KasebException.Problem(
                    file.toString(),
                    old + " and " + name + " say the same",
                    null,
                    "leave one of them out"));
          }
          if (value != null) {
            root.set(name, value);
          }
        });
  }

  private static Settings settings(
      Path file, JsonNode root, Goal goal, int budget, Set<String> ignored) throws IOException {
    JsonNode tunerNode = root.has("advisor") ? root.get("advisor") : root.get("tuner");
    Method tuner = method(file, "tuner", tunerNode, "TPE", ignored);
    Method assessor = method(file, "assessor", root.get("assessor"), "None", ignored);
    int steps = assessor.steps() > 0 ? assessor.steps() : tuner.steps();
    String direction = tuner.direction().isEmpty() ? assessor.direction() : tuner.direction();
    Goal directed =
        switch (direction) {
          case "" -> goal;
          case "maximize" -> Goal.maximize(goal.name());
          case "minimize" -> Goal.minimize(goal.name());
          default ->
              throw new IllegalArgumentException(
                  "optimize_mode: " + direction + "; must be maximize or minimize");
        };
    Settings settings =
        Settings.of(space(file, root), directed)
            .withName(name(file, root))
            .withBudget(steps > 0 ? steps : budget)
            .withConcurrency(whole(root, "trialConcurrency", 1))
            .withMaxTrials(whole(root, "maxTrialNumber", 100))
            .withMethod(tuner.spec(), assessor.spec());
    if (tuner.seed() != null) {
      settings = settings.withSeed(tuner.seed());
    }
    return settings.withLimits(
        new Settings.Limits(
            seconds(root, "maxExperimentDuration"), seconds(root, "maxTrialDuration")));
  }

  private static String name(Path file, JsonNode root) {
    return root.has("experimentName")
        ? new StoredJson("experimentName", root.get("experimentName")).text()
        : file.getFileName().toString();
  }

  private static int whole(JsonNode root, String key, int otherwise) {
    JsonNode value = root.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    try {
      return new BigDecimal(value.asString()).intValueExact();
    } catch (ArithmeticException | NumberFormatException | JacksonException e) {
      throw new IllegalArgumentException(key + ": " + value + "; must be a whole number", e);
    }
  }

  private static Space space(Path file, JsonNode root) throws IOException {
    if (root.has("searchSpace")) {
      return SpaceJson.read(file + ": searchSpace", root.get("searchSpace"));
    }
    if (!root.has("searchSpaceFile")) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(), "no searchSpace and no searchSpaceFile", null, "give one of them"));
    }
    StoredJson named = new StoredJson("searchSpaceFile", root.get("searchSpaceFile"));
    Path space = file.resolveSibling(named.text());
    if (!Files.isReadable(space) || Files.isDirectory(space)) {
      throw named.wrong("a file that can be read, named as it is seen from this one's folder");
    }
    return SpaceFile.read(space);
  }

  private record Method(MethodSpec spec, String direction, int steps, @Nullable Long seed) {}

  private static Method method(
      Path file, String key, @Nullable JsonNode node, String otherwise, Set<String> ignored) {
    if (node == null || node.isNull()) {
      return new Method(MethodSpec.of(otherwise), "", 0, null);
    }
    String method =
        NAMES.stream()
            .map(node::path)
            .filter(JsonNode::isString)
            .map(JsonNode::asString)
            .findFirst()
            .orElseThrow(
                () ->
                    new KasebException(
                        new KasebException.Problem(
                            file.toString(),
                            key + " has no name",
                            null,
                            "give it one, as in `name: TPE`; code of your own cannot be run here")));
    Map<String, Object> args = new LinkedHashMap<>();
    String direction = "";
    int steps = 0;
    Long seed = null;
    List<Map.Entry<String, JsonNode>> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : node.path("classArgs").properties()) {
      if (entry.getKey().equals("tpe_args")) {
        entries.addAll(entry.getValue().properties());
      } else {
        entries.add(entry);
      }
    }
    for (Map.Entry<String, JsonNode> entry : entries) {
      String name = entry.getKey();
      StoredJson value = new StoredJson(key + ".classArgs." + name, entry.getValue());
      switch (name) {
        case "optimize_mode" -> direction = value.text().toLowerCase(Locale.ROOT);
        case "seed", "random_seed" -> seed = value.seed();
        case "R", "max_budget", "epoch_num" -> steps = value.whole(1);
        default -> {
          if (IGNORED_ARGS.contains(name)) {
            ignored.add(key + ".classArgs." + name);
          } else if (!entry.getValue().isNull()) {
            args.put(RENAMED.getOrDefault(name, name), ValueJson.value(entry.getValue()));
          }
        }
      }
    }
    return new Method(new MethodSpec(method, args), direction, steps, seed);
  }

  /// Reads a duration in NNI's form: a number with `s`, `m`, `h` or `d`; seconds without.
  static double seconds(JsonNode root, String key) {
    if (!root.has(key)) {
      return Double.POSITIVE_INFINITY;
    }
    JsonNode value = root.get(key);
    String allowed = "a number with s, m, h or d, as in 10m or 0.5h";
    if (!value.isString() && !value.isNumber()) {
      throw new StoredJson(key, value).wrong(allowed);
    }
    try {
      return seconds(key, value.asString());
    } catch (KasebException e) {
      // The reader of the file puts its name before this.
      throw new IllegalArgumentException(key + ": " + value.asString() + "; must be " + allowed, e);
    }
  }

  /// Reads a duration in NNI's form.
  ///
  /// @param place for messages
  /// @param text a number with `s`, `m`, `h` or `d`; seconds without
  public static double seconds(String place, String text) {
    String stripped = text.strip();
    char unit = stripped.isEmpty() ? '?' : stripped.charAt(stripped.length() - 1);
    double factor =
        switch (unit) {
          case 'm' -> 60;
          case 'h' -> 3600;
          case 'd' -> 86_400;
          default -> 1;
        };
    String number =
        Character.isLetter(unit) ? stripped.substring(0, stripped.length() - 1) : stripped;
    try {
      double seconds = Double.parseDouble(number) * factor;
      if ("smhd".indexOf(unit) >= 0 || Character.isDigit(unit) || unit == '.') {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // The error below says what is allowed.
    }
    throw new KasebException(
        new KasebException.Problem(
            place, text, "a number with s, m, h or d, as in 10m or 0.5h", null));
  }
}
