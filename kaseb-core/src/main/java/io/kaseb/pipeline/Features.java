package io.kaseb.pipeline;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.Outcomes;
import io.kaseb.eval.PurchaseBlock;
import io.kaseb.eval.PurchaseDifference;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.PurchaseForecasts;
import io.kaseb.eval.PurchaseMetrics;
import io.kaseb.event.Actions;
import io.kaseb.intentfit.FeatureSearch;
import io.kaseb.intentfit.IntentFit;
import io.kaseb.report.HtmlPage;
import io.kaseb.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds features that help to forecast a goal, on a dataset's train part alone, and writes the
/// configuration that `train` takes.
public final class Features {
  private static final int SAMPLES = 1_000;
  private static final int RANKED_SHOWN = 15;
  private static final String NONE = "number of events alone";

  private Features() {}

  /// What to search, and within which bounds.
  ///
  /// @param dataset a folder that `prepare` wrote
  /// @param goal the action to forecast
  /// @param maxFeatures features to choose at most, 1 to 200
  /// @param maxMillis milliseconds that all of them may cost a forecast on this machine; infinity
  ///   for no bound
  /// @param sessions sessions to look at, at most; 100 at least
  /// @param threads threads, 1 to 256
  /// @param seed fixes everything random
  public record Options(
      Path dataset,
      String goal,
      int maxFeatures,
      double maxMillis,
      int sessions,
      int threads,
      long seed) {
    /// Checks the bounds.
    public Options {
      if (maxFeatures < 1 || maxFeatures > 200) {
        throw KasebException.ofSetting("max_features", maxFeatures, "1..200");
      }
      if (!(maxMillis > 0)) {
        throw KasebException.ofSetting("max_ms", maxMillis, "a number above 0");
      }
      if (sessions < 100) {
        throw KasebException.ofSetting("sessions", sessions, "100 or more");
      }
    }
  }

  /// A candidate and how the selectors see it.
  ///
  /// @param gain its share of the gain of boosted trees on all candidates
  /// @param gradient its mask in the relaxed regression, times its weight
  /// @param permutation how much the trees' log loss on later sessions rises when its values are
  ///   dealt anew
  /// @param milliseconds what it costs a forecast
  public record Ranked(
      String name, double gain, double gradient, double permutation, double milliseconds) {}

  /// What a chosen feature brings, on sessions that took no part in its choice.
  ///
  /// @param name its name
  /// @param auc of a regression with it and those before it; null where too few sessions tell
  /// @param aucGain how far that lies above the one before: difference, low, high; empty where too
  ///   few sessions tell
  /// @param averagePrecision the same of average precision
  /// @param precisionGain the same
  public record Step(
      String name,
      @Nullable Double auc,
      List<Double> aucGain,
      @Nullable Double averagePrecision,
      List<Double> precisionGain) {}

  /// What was found.
  ///
  /// @param goal what was to be forecast
  /// @param candidates features that were generated
  /// @param sessions those that were fitted on, that chose, that show the gains
  /// @param reached how many of the last reach the goal
  /// @param steps before any feature, then each chosen one
  /// @param ranking all candidates, the best mean rank first
  /// @param milliseconds what all chosen ones cost a forecast, as measured on this machine
  public record Found(
      String goal,
      int candidates,
      List<Integer> sessions,
      int reached,
      List<Step> steps,
      List<Ranked> ranking,
      double milliseconds) {
    /// Returns the names of the chosen features.
    public List<String> chosen() {
      return steps.stream().skip(1).map(Step::name).toList();
    }
  }

  /// Searches.
  public static Found run(Options options, Progress progress) throws IOException {
    Workers workers = Workers.of(options.threads());
    OpenDataset dataset = OpenDataset.of(options.dataset(), workers);
    LabelledSessions labelled = dataset.labelledTrain();
    Actions names = labelled.signals().names();
    int action = names.number(options.goal());
    if (action < 0) {
      throw KasebException.ofSetting(
          "goal", options.goal(), "one of " + String.join(", ", names.words()));
    }
    LabelledSessions sessions = labelled.forGoal(action);
    if (IntentFit.obstacle(sessions) != null) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("goal"),
              options.goal(),
              "no session or every session of the dataset's train part has it",
              "name another action of the log"));
    }
    int items = dataset.dataset().catalogue().size();
    FeatureSearch.Found found =
        FeatureSearch.run(
            sessions,
            items,
            new FeatureSearch.Options(
                options.maxFeatures(),
                options.maxMillis(),
                options.sessions(),
                options.threads(),
                options.seed()),
            progress);
    return found(options, found, workers);
  }

  private static Found found(Options options, FeatureSearch.Found found, Workers workers) {
    List<PurchaseEvaluation> measured = new ArrayList<>();
    for (int step = 0; step < found.scores().size(); step++) {
      String name = step == 0 ? NONE : found.chosen().get(step - 1);
      measured.add(measure(options, name, found.scores().get(step), found.labels(), workers));
    }
    List<Step> steps = new ArrayList<>();
    for (int step = 0; step < measured.size(); step++) {
      PurchaseEvaluation now = measured.get(step);
      List<PurchaseDifference> gains =
          step == 0
              ? List.of()
              : PurchaseDifference.of(
                  new PurchaseBlock(List.of(now, measured.get(step - 1)), false));
      steps.add(
          new Step(
              now.name(),
              known(now.metric("auc")),
              gain(gains, "auc"),
              known(now.metric("average_precision")),
              gain(gains, "average_precision")));
    }
    Map<String, Double> costs = new LinkedHashMap<>();
    found.ranking().forEach(r -> costs.put(r.name(), r.milliseconds()));
    int reached = 0;
    for (boolean label : found.labels()) {
      reached += label ? 1 : 0;
    }
    return new Found(
        options.goal(),
        found.ranking().size(),
        List.of(found.fitted(), found.choosing(), found.labels().length),
        reached,
        steps,
        found.ranking().stream()
            .map(
                r ->
                    new Ranked(r.name(), r.gain(), r.gradient(), r.permutation(), r.milliseconds()))
            .toList(),
        found.chosen().stream().mapToDouble(name -> costs.getOrDefault(name, 0.0)).sum());
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private static List<Double> gain(List<PurchaseDifference> gains, String metric) {
    return gains.stream()
        .filter(g -> g.metric().equals(metric))
        .findFirst()
        .map(g -> List.of(g.difference(), g.low(), g.high()))
        .orElse(List.of());
  }

  private static PurchaseEvaluation measure(
      Options options, String name, double[] scores, boolean[] labels, Workers workers) {
    int n = labels.length;
    Outcomes outcomes = new Outcomes(labels, new int[n + 1], new boolean[0], new int[n]);
    double[] probabilities = Arrays.stream(scores).map(z -> 1 / (1 + Math.exp(-z))).toArray();
    PurchaseForecasts forecasts =
        new PurchaseForecasts(
            name,
            scores,
            probabilities,
            new double[0],
            new double[0],
            new boolean[n],
            new boolean[0],
            List.of(),
            List.of());
    return PurchaseMetrics.of(
        options.goal(), "live", outcomes, forecasts, SAMPLES, options.seed(), workers);
  }

  /// Writes the configuration that `train` takes.
  public static void writeConfig(Found found, Path file) throws IOException {
    String text =
        "# Features that kaseb features found for the goal %s.%nintent_generated: \"%s\"%n"
            .formatted(found.goal(), String.join(",", found.chosen()));
    AtomicFiles.write(file, path -> Files.writeString(path, text));
  }

  /// Writes everything as a web page in one file.
  ///
  /// @param command what repeats it
  public static void writePage(Found found, String command, Path file) throws IOException {
    String body =
        HtmlPage.section(
                "Chosen features", HtmlPage.paragraph(intro(found)), HtmlPage.table(steps(found)))
            + HtmlPage.section(
                "All candidates",
                HtmlPage.paragraph(
                    "By the mean of three ranks: the gain of boosted trees, the mask of feature"
                        + " gradients, and how much worse the trees get where values are dealt"
                        + " anew."),
                HtmlPage.table(ranking(found, found.ranking().size())))
            + HtmlPage.section("Command", HtmlPage.paragraph(command));
    String page = HtmlPage.of("Features for " + found.goal(), body, Map.of(), "show();");
    AtomicFiles.write(file, path -> Files.writeString(path, page));
  }

  /// Returns the same as lines for a terminal, with the best of the candidates.
  public static String text(Found found) {
    return intro(found)
        + "\n\n"
        + TextTable.aligned(steps(found))
        + "\n"
        + TextTable.aligned(ranking(found, RANKED_SHOWN));
  }

  /// Says what was looked at.
  private static String intro(Found found) {
    return String.format(
        Locale.ROOT,
        "%,d candidates for %s. Fitted on the first %,d sessions of the train part, chosen on the"
            + " next %,d; the figures are of the last %,d, of which %,d reach the goal. Chosen ones"
            + " cost %.2g ms a forecast.",
        found.candidates(),
        found.goal(),
        found.sessions().get(0),
        found.sessions().get(1),
        found.sessions().get(2),
        found.reached(),
        found.milliseconds());
  }

  /// Returns the chosen features as rows of text, headings first.
  private static List<List<String>> steps(Found found) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("feature", "auc", "gain [95 %]", "avg prec.", "gain [95 %]"));
    for (Step step : found.steps()) {
      rows.add(
          List.of(
              step.name(),
              number(step.auc()),
              interval(step.aucGain()),
              number(step.averagePrecision()),
              interval(step.precisionGain())));
    }
    return rows;
  }

  /// Returns the best candidates as rows of text, headings first.
  private static List<List<String>> ranking(Found found, int most) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("candidate", "trees' gain", "gradient", "permutation"));
    found.ranking().stream()
        .limit(most)
        .forEach(
            r ->
                rows.add(
                    List.of(
                        r.name(),
                        String.format(Locale.ROOT, "%.3f", r.gain()),
                        String.format(Locale.ROOT, "%.4f", r.gradient()),
                        String.format(Locale.ROOT, "%+.5f", r.permutation()))));
    return rows;
  }

  private static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String interval(List<Double> gain) {
    return gain.isEmpty()
        ? ""
        : String.format(Locale.ROOT, "%+.3f [%+.2f, %+.2f]", gain.get(0), gain.get(1), gain.get(2))
            .replace("0.", ".");
  }
}
