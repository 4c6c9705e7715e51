package io.kaseb.intentfit;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.LabelledSessions;
import io.kaseb.intent.Logistic;
import io.kaseb.intent.TreeEnsemble;
import io.kaseb.tune.math.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Finds generated features that tell more about a goal than the number of events does.
///
/// The training period is taken apart by time: on its first 60 % everything is fitted, the next 20
/// % choose, and the last 20 %, which nothing was fitted or chosen on, show what the chosen
/// features are worth.
public final class FeatureSearch {
  private static final double FITTED = .6;
  private static final double CHOSEN = .8;
  private static final int LEAST_POOL = 30;
  private static final int POOL_OF_EACH = 4;
  private static final int SHUFFLES = 2;

  private final CandidateRows rows;
  private final Options options;
  private final Workers workers;
  private final Progress progress;
  private final int fitted;
  private final int chosen;

  /// What bounds a search.
  ///
  /// @param maxFeatures features to choose at most
  /// @param maxMillis milliseconds that all of them may cost a forecast on this machine; infinity
  ///   for no bound
  /// @param sessions sessions to look at, at most
  /// @param threads threads, 1 to 256
  /// @param seed fixes everything random
  public record Options(int maxFeatures, double maxMillis, int sessions, int threads, long seed) {}

  /// A candidate and how the selectors see it.
  ///
  /// @param gain its share of the gain of boosted trees on all candidates
  /// @param gradient its mask in the relaxed regression, times its weight
  /// @param permutation how much the trees' log loss on later sessions rises when its values are
  ///   dealt anew
  /// @param milliseconds what it costs a forecast
  public record Ranked(
      String name, double gain, double gradient, double permutation, double milliseconds) {}

  /// What a search found.
  ///
  /// @param ranking all candidates, the best mean rank first
  /// @param chosen the chosen ones, in the order of their choice
  /// @param scores log odds of each shown session: before any feature, then with each chosen one
  /// @param labels whether each shown session reaches the goal
  /// @param fitted sessions that were fitted on
  /// @param choosing sessions that chose
  public record Found(
      List<Ranked> ranking,
      List<String> chosen,
      List<double[]> scores,
      boolean[] labels,
      int fitted,
      int choosing) {}

  private FeatureSearch(CandidateRows rows, Options options, Progress progress) {
    this.rows = rows;
    this.options = options;
    this.workers = Workers.of(options.threads());
    this.progress = progress;
    this.fitted = (int) (FITTED * rows.sessions());
    this.chosen = (int) (CHOSEN * rows.sessions());
  }

  /// Searches.
  ///
  /// @param labelled a training period's sessions in order of their start, labelled by the goal
  /// @param items items of the log
  public static Found run(
      LabelledSessions labelled, int items, Options options, Progress progress) {
    progress.at("generating candidates", 0, 4, "steps");
    LabelledSessions indexed = labelled.indexed(IntStream.range(0, items).toArray());
    CandidateRows rows =
        CandidateRows.of(
            indexed,
            items,
            Candidates::of,
            options.sessions(),
            options.seed(),
            Workers.of(options.threads()));
    return new FeatureSearch(rows, options, progress).run();
  }

  private Found run() {
    List<Ranked> ranking = ranking();
    List<Integer> columns = new ArrayList<>(List.of(0, 1));
    List<String> names = new ArrayList<>();
    List<double[]> scores = new ArrayList<>();
    Logistic model = fit(columns);
    scores.add(shown(model, columns));
    double[] losses = losses(model, columns);
    int most = Math.max(LEAST_POOL, POOL_OF_EACH * options.maxFeatures());
    List<Integer> pool = new ArrayList<>();
    ranking.stream()
        .limit(most)
        .forEach(r -> pool.add(CandidateRows.BASE + rows.names().indexOf(r.name())));
    double left = options.maxMillis();
    while (names.size() < options.maxFeatures()) {
      progress.at("choosing features", names.size(), options.maxFeatures(), "features");
      double spendable = left;
      pool.removeIf(c -> rows.cost(c - CandidateRows.BASE) > spendable);
      double[] gains = new double[pool.size()];
      List<Integer> sofar = List.copyOf(columns);
      double[] before = losses;
      workers.forRanges(
          pool.size(),
          1,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              List<Integer> with = with(sofar, pool.get(i));
              gains[i] = surePart(before, losses(fit(with), with));
            }
          });
      int best =
          IntStream.range(0, gains.length)
              .boxed()
              .max(Comparator.comparingDouble(i -> gains[i]))
              .orElse(-1);
      if (best < 0 || gains[best] <= 0) {
        break;
      }
      int column = pool.get(best);
      pool.remove(Integer.valueOf(column));
      columns.add(column);
      names.add(rows.names().get(column - CandidateRows.BASE));
      left -= rows.cost(column - CandidateRows.BASE);
      model = fit(columns);
      losses = losses(model, columns);
      scores.add(shown(model, columns));
    }
    boolean[] labels = new boolean[rows.sessions() - chosen];
    for (int s = 0; s < labels.length; s++) {
      labels[s] = rows.label(chosen + s);
    }
    return new Found(ranking, List.copyOf(names), scores, labels, fitted, chosen - fitted);
  }

  private static List<Integer> with(List<Integer> columns, int column) {
    List<Integer> more = new ArrayList<>(columns);
    more.add(column);
    return more;
  }

  private Logistic fit(List<Integer> columns) {
    return LogisticFit.fit(rows.rows(0, fitted, array(columns)), options.seed());
  }

  private static int[] array(List<Integer> columns) {
    return columns.stream().mapToInt(Integer::intValue).toArray();
  }

  private float[] row(int session, boolean over, List<Integer> columns) {
    float[] row = new float[columns.size()];
    for (int c = 0; c < row.length; c++) {
      row[c] = rows.value(session, over, columns.get(c));
    }
    return row;
  }

  /// Returns the log odds of the sessions that nothing was fitted or chosen on.
  private double[] shown(Logistic model, List<Integer> columns) {
    return IntStream.range(chosen, rows.sessions())
        .mapToDouble(s -> model.score(row(s, true, columns)))
        .toArray();
  }

  /// Returns the log loss of each session that chooses, over both its rows.
  private double[] losses(Logistic model, List<Integer> columns) {
    return IntStream.range(fitted, chosen)
        .mapToDouble(
            s ->
                loss(model.score(row(s, false, columns)), rows.label(s))
                    + loss(model.score(row(s, true, columns)), rows.label(s)))
        .toArray();
  }

  private static double loss(double z, boolean label) {
    double wrong = label ? -z : z;
    return Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong)));
  }

  /// Returns by how much losses fall in the mean, less twice the standard error of that: of dozens
  /// of candidates some fall by chance.
  private static double surePart(double[] before, double[] after) {
    int n = before.length;
    double sum = 0;
    double squares = 0;
    for (int s = 0; s < n; s++) {
      double gain = before[s] - after[s];
      sum += gain;
      squares += gain * gain;
    }
    double mean = sum / Math.max(1, n);
    return mean
        - 2 * Math.sqrt(Math.max(0, squares / Math.max(1, n) - mean * mean) / Math.max(1, n));
  }

  private List<Ranked> ranking() {
    int n = rows.names().size();
    progress.at("ranking by gain", 1, 4, "steps");
    double[] gains = rows.gains(0, fitted, options.threads(), options.seed());
    double total = Math.max(1e-12, Arrays.stream(gains).sum());
    progress.at("ranking by gradients", 2, 4, "steps");
    int[] all = IntStream.range(0, CandidateRows.BASE + n).toArray();
    double[] gradients = FeatureGradients.of(rows.rows(0, fitted, all), CandidateRows.BASE);
    progress.at("ranking by permutation", 3, 4, "steps");
    double[] permutations = permutations();
    List<Ranked> ranked = new ArrayList<>();
    for (int c = 0; c < n; c++) {
      int column = CandidateRows.BASE + c;
      ranked.add(
          new Ranked(
              rows.names().get(c),
              gains[column] / total,
              gradients[column],
              permutations[c],
              rows.cost(c)));
    }
    double[] sums = new double[n];
    addRanks(sums, ranked.stream().mapToDouble(Ranked::gain).toArray());
    addRanks(sums, ranked.stream().mapToDouble(Ranked::gradient).toArray());
    addRanks(sums, ranked.stream().mapToDouble(Ranked::permutation).toArray());
    return IntStream.range(0, n)
        .boxed()
        .sorted(Comparator.comparingDouble(c -> sums[c]))
        .map(ranked::get)
        .toList();
  }

  private static void addRanks(double[] sums, double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> -values[c]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int place = 0; place < order.length; place++) {
      sums[order[place]] += place;
    }
  }

  /// Deals each candidate's values anew among the sessions that choose.
  private double[] permutations() {
    int n = rows.names().size();
    TreeEnsemble trees = rows.trees(0, fitted, options.threads(), options.seed());
    List<Integer> all = IntStream.range(0, CandidateRows.BASE + n).boxed().toList();
    int sessions = chosen - fitted;
    float[][] own = new float[sessions][];
    double before = 0;
    for (int s = 0; s < sessions; s++) {
      own[s] = row(fitted + s, true, all);
      before += loss(trees.score(own[s]), rows.label(fitted + s));
    }
    double plain = before;
    double[] rises = new double[n];
    AtomicInteger done = new AtomicInteger();
    workers.forRanges(
        n,
        1,
        (from, to) -> {
          for (int c = from; c < to; c++) {
            int column = CandidateRows.BASE + c;
            for (int round = 0; round < SHUFFLES; round++) {
              SplittableRandom random =
                  new SplittableRandom(SeededRandom.join(c * SHUFFLES + round, options.seed()));
              double after = 0;
              for (int s = 0; s < sessions; s++) {
                float[] row = own[s].clone();
                row[column] = own[random.nextInt(sessions)][column];
                after += loss(trees.score(row), rows.label(fitted + s));
              }
              rises[c] += (after - plain) / Math.max(1, sessions) / SHUFFLES;
            }
            progress.at("ranking by permutation", done.incrementAndGet(), n, "candidates");
          }
        });
    return rises;
  }
}
