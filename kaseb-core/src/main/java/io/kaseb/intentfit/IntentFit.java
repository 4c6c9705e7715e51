package io.kaseb.intentfit;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.Feature;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.ValidationShare;
import io.kaseb.data.LabelledSessions;
import io.kaseb.intent.Calibration;
import io.kaseb.intent.ClickInputs;
import io.kaseb.intent.HandFeatures;
import io.kaseb.intent.IntentFollower;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentScorer;
import io.kaseb.intent.IntentShape;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.LogOddsBlend;
import io.kaseb.intent.Logistic;
import io.kaseb.intent.PurchaseKind;
import io.kaseb.intent.SessionFeatures;
import io.kaseb.intent.SignalShape;
import io.kaseb.intent.StackedScore;
import io.kaseb.intent.Statistics;
import io.kaseb.intent.TreeEnsemble;
import io.kaseb.model.PurchaseTraining;
import io.kaseb.signal.LearnedSignals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Fits a whole [IntentModel]: statistics, networks, trees, blend, calibration, baselines.
///
/// The latest sessions are held back. On them the networks and trees are stopped, the blend is
/// chosen and the calibration fitted; nothing else is taken from them, and nothing from a test
/// part. The trees see the network's outputs on sessions that it was not trained on (stacking,
/// Wolpert 1992): networks trained on the other folds give them.
public final class IntentFit {
  private static final int PATIENCE = 2;
  private static final int FEW = 500;
  private static final int FEW_NETWORKS = 3;
  private static final int ITEM_UNITS = 32;
  private static final int CATEGORY_ROWS = 64;
  private static final int MOST_MIXED = 50_000;

  private static final int ALONE_LEAF = 1;

  private final IntentConfig config;
  private final Options options;
  private final Workers workers;
  private final Examples train;
  private final Examples valid;
  private final Statistics statistics;
  private final LearnedSignals signals;
  private final List<String> categories;
  private final float[] logPopularity;
  private int bestEpoch = 1;

  /// What training needs besides the data.
  ///
  /// @param table item embeddings of the next-item network [items x width]
  /// @param width floats of an embedding
  /// @param valid share of the latest sessions to hold back
  /// @param threads threads, 1 to 256
  /// @param seed fixes everything random
  public record Options(float[] table, int width, double valid, int threads, long seed) {}

  private IntentFit(IntentConfig config, LabelledSessions labelled, Options options) {
    this.options = options;
    this.workers = Workers.of(options.threads());
    int items = options.width() == 0 ? 0 : options.table().length / options.width();
    TrainingExamples training =
        TrainingExamples.of(
            labelled,
            config.features(),
            schema -> TrainingExamples.known(labelled, schema, config.intentGenerated()),
            items);
    this.categories = training.categories();
    this.signals = training.signals();
    this.statistics = training.statistics();
    Examples all = training.examples();
    LabelledSessions seen = all.labelled();
    this.config = config.withFeatures(all.schema().present(config.features()));
    int border = new ValidationShare(options.valid()).border(all.count());
    this.train = all.slice(0, border);
    this.valid = all.slice(border, all.count());
    long[] counts = new long[items];
    for (int e = 0; e < seen.sessions().events(); e++) {
      if (seen.item(e) >= 0 && seen.item(e) < items) {
        counts[seen.item(e)]++;
      }
    }
    this.logPopularity = new float[items];
    for (int i = 0; i < items; i++) {
      logPopularity[i] = (float) Math.log((counts[i] + 1.0) / (seen.sessions().events() + items));
    }
  }

  /// Says why no purchase forecast can be learned from sessions, or null where it can.
  public static @Nullable String obstacle(LabelledSessions labelled) {
    int buyers = labelled.purchases().buyers();
    if (buyers == 0) {
      return "the dataset has no purchases";
    }
    return buyers == labelled.count() ? "every session of the dataset buys" : null;
  }

  /// Checks, before anything is trained, that the log has what a configuration names.
  ///
  /// @throws io.kaseb.base.KasebException naming a generated feature that it has not
  public static void check(IntentConfig config, LabelledSessions labelled) {
    if (!config.intentGenerated().isEmpty()) {
      LabelledSessions live = labelled.live();
      TrainingExamples.known(
          labelled, SchemaFit.of(live, config.features()), config.intentGenerated());
    }
  }

  /// Fits a model.
  ///
  /// @param labelled training sessions in order of their start, with the model's item numbers
  /// @param listener hears of each epoch
  /// @param stop asked often; where it says yes, null is returned
  public static @Nullable IntentModel fit(
      IntentConfig config,
      LabelledSessions labelled,
      Options options,
      Consumer<PurchaseTraining.Epoch> listener,
      Progress progress,
      BooleanSupplier stop) {
    IntentFit fit = new IntentFit(config, labelled, options);
    List<IntentScorer> nets = new ArrayList<>();
    for (int n = 0; n < fit.networks(); n++) {
      IntentNet net = fit.net(n, fit.train, config.intentEpochs(), true, listener, progress, stop);
      if (net == null) {
        return null;
      }
      nets.add(new IntentScorer(net));
    }
    return fit.finish(nets, progress, stop);
  }

  /// A network that learned of few buyers depends much on its seed: several are averaged.
  private int networks() {
    boolean few = !signals.schema().isEmpty() && train.labelled().purchases().buyers() < FEW;
    return few ? Math.max(FEW_NETWORKS, config.intentSeeds()) : config.intentSeeds();
  }

  private IntentShape shape() {
    boolean items = config.features().contains(Feature.ITEM);
    int width = items ? options.width() : 0;
    int count = width == 0 ? 0 : options.table().length / width;
    int rows = Math.min(CATEGORY_ROWS, categories.size());
    boolean category = config.features().contains(Feature.CATEGORY) && rows > 0;
    int numbers = new ClickInputs(config.features(), signals.schema()).count();
    return new IntentShape(
        count,
        width,
        category ? rows : 0,
        numbers,
        config.intentUnits(),
        ITEM_UNITS,
        SignalShape.of(signals.schema()));
  }

  /// Trains one network; keeps its best epoch where `watch`, else runs as many as the first took.
  private @Nullable IntentNet net(
      int number,
      Examples examples,
      int epochs,
      boolean watch,
      Consumer<PurchaseTraining.Epoch> listener,
      Progress progress,
      BooleanSupplier stop) {
    IntentShape shape = shape();
    float[] table =
        shape.embedding() == 0
            ? new float[0]
            : config.tuned() ? options.table().clone() : options.table();
    long seed = options.seed() * 1_000_003 + number;
    IntentNet net =
        IntentNet.create(shape, table, statistics.buyRate(), statistics.itemRate(), seed);
    IntentTraining training =
        new IntentTraining(config, net, signals.schema(), logPopularity, options.threads(), seed);
    IntentNet best = net;
    double least = Double.POSITIVE_INFINITY;
    int bestAt = 0;
    for (int epoch = 1; epoch <= epochs && epoch - bestAt <= PATIENCE; epoch++) {
      IntentTraining.Epoch done = training.epoch(examples, epochs, progress, stop);
      if (done == null) {
        return null;
      }
      if (!watch) {
        continue;
      }
      double loss = validLoss(new IntentScorer(training.copy()));
      if (loss < least || epoch == 1) {
        least = loss;
        bestAt = epoch;
        best = training.copy();
        bestEpoch = epoch;
      }
      listener.accept(
          new PurchaseTraining.Epoch(
              number, epoch, done.loss(), loss, done.sessions(), done.seconds()));
    }
    return watch ? best : training.copy();
  }

  /// Returns the mean log loss of the head for finished sessions on the sessions held back.
  private double validLoss(IntentScorer scorer) {
    IntentFollower probe = follower(List.of(scorer));
    double shift = Math.log(config.intentPositiveWeight());
    double[] losses = new double[valid.count()];
    workers.forRanges(
        valid.count(),
        SessionRanges.SIZE,
        (from, to) -> {
          IntentState session = probe.newSession();
          for (int s = from; s < to; s++) {
            if (valid.labelled().sessions().length(s) > 0) {
              valid.follow(s, session, () -> {});
              double z = session.netSession(true) - shift;
              z = valid.labelled().purchases().any(s) ? -z : z;
              losses[s] = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
            }
          }
        });
    return Arrays.stream(losses).average().orElse(0);
  }

  private IntentFollower follower(List<IntentScorer> nets) {
    return new IntentFollower(config.features(), signals.schema(), nets);
  }

  private @Nullable IntentModel finish(
      List<IntentScorer> nets, Progress progress, BooleanSupplier stop) {
    HandFeatures hand = new HandFeatures(config.features(), signals.schema());
    TreeRows rows = new TreeRows(hand, options.seed());
    int folds = config.intentFolds();
    if (folds == 1 || config.intent() == IntentConfig.Kind.GRU) {
      rows.collect(follower(nets), train, 1, 0, workers);
    } else {
      for (int fold = 0; fold < folds; fold++) {
        int left = fold;
        int[] others = IntStream.range(0, train.count()).filter(s -> s % folds != left).toArray();
        Examples part = train.select(others);
        IntentNet net = net(100 + fold, part, bestEpoch, false, e -> {}, progress, stop);
        if (net == null) {
          return null;
        }
        rows.collect(follower(List.of(new IntentScorer(net))), train, folds, fold, workers);
      }
    }
    TreeRows held = new TreeRows(hand, options.seed());
    held.collect(follower(nets), valid, 1, 0, workers);
    progress.at("boosting trees", 0, 4, "ensembles");
    boolean boosts = config.intent() != IntentConfig.Kind.GRU;
    TreeEnsemble none = TreeEnsemble.parse(0, hand.session + 1, new String[0]);
    TreeEnsemble noItem = TreeEnsemble.parse(0, hand.item + 2, new String[0]);
    TreeEnsemble session = boosts ? trees(rows.sessions, held.sessions, TreeTraining.LEAF) : none;
    progress.at("boosting trees", 1, 4, "ensembles");
    TreeEnsemble item = boosts ? trees(rows.items, held.items, TreeTraining.LEAF) : noItem;
    progress.at("boosting trees", 2, 4, "ensembles");
    FeatureRows handSessions = rows.sessions.narrowed(hand.session);
    FeatureRows handItems = rows.items.narrowed(hand.item);
    TreeEnsemble handSession =
        trees(handSessions, held.sessions.narrowed(hand.session), aloneLeaf());
    TreeEnsemble handItem = trees(handItems, held.items.narrowed(hand.item), aloneLeaf());
    progress.at("boosting trees", 4, 4, "ensembles");
    if (stop.getAsBoolean()) {
      return null;
    }
    Logistic over = regression(handSessions.where(0, 1));
    Logistic soFar = regression(handSessions.where(0, 0));
    Logistic logisticItem = regression(handItems);
    LogOddsBlend sessionMix =
        boosts ? mix(held.sessions.where(0, 1), session, over, hand.session) : LogOddsBlend.NET;
    LogOddsBlend running =
        boosts && !signals.schema().isEmpty()
            ? mix(held.sessions.where(0, 0), session, soFar, hand.session)
            : sessionMix;
    LogOddsBlend itemMix =
        boosts ? mix(held.items, item, logisticItem, hand.item) : LogOddsBlend.NET;
    StackedScore sessions = new StackedScore(session, handSession, over, sessionMix);
    IntentModel.Parts parts =
        new IntentModel.Parts(
            sessions,
            sessions.with(soFar, running),
            new StackedScore(item, handItem, logisticItem, itemMix),
            unseen(),
            (double) train.labelled().purchases().buyers() / Math.max(1, train.count()),
            train.labelled().realTimes());
    return calibrated(nets, parts);
  }

  /// Of many features of few buyers, most are noise: where there are more than those of clicks, the
  /// penalty is chosen.
  private Logistic regression(FeatureRows rows) {
    return signals.schema().isEmpty()
        ? LogisticFit.fit(rows, options.seed())
        : LogisticFit.fitPenalty(rows, options.seed());
  }

  /// Returns the least weight of a leaf of the trees that forecast alone: an item in the cart must
  /// be able to stand alone. In the blend network and regression know the cart, and trees that look
  /// at everything else serve it better (on eleven splits of the training sessions of REES46 an AUC
  /// of .730 against .723).
  private int aloneLeaf() {
    return signals.schema().isEmpty() ? TreeTraining.LEAF : ALONE_LEAF;
  }

  private TreeEnsemble trees(FeatureRows rows, FeatureRows held, int leaf) {
    return TreeTraining.train(rows, held, config, leaf, options.threads(), options.seed());
  }

  /// Chooses a blend on the rows held back.
  private static LogOddsBlend mix(
      FeatureRows held, TreeEnsemble trees, Logistic logistic, int netColumn) {
    int n = Math.min(held.count, MOST_MIXED);
    double[][] scores = new double[3][n];
    boolean[] labels = new boolean[n];
    for (int r = 0; r < n; r++) {
      float[] row = Arrays.copyOfRange(held.values, r * held.width, (r + 1) * held.width);
      scores[0][r] = row[netColumn];
      scores[1][r] = trees.score(row);
      scores[2][r] = logistic.score(row);
      labels[r] = held.labels[r] > .5f;
    }
    return LogOddsBlend.fit(scores, labels);
  }

  /// Counts how many items buyers take that they did not click, up to 8.
  private double[] unseen() {
    double[] counts = new double[9];
    counts[0] = 1;
    double total = 1;
    SessionFeatures state = new SessionFeatures(signals.schema());
    for (int s = 0; s < train.count(); s++) {
      if (train.labelled().purchases().any(s)) {
        train.walk(s, state, (a, b) -> {});
        int clicked = 0;
        for (int i = 0; i < state.distinct && train.labelled().sessions().length(s) > 0; i++) {
          clicked += train.labelled().purchases().bought(s, state.keys[i]) ? 1 : 0;
        }
        counts[Math.clamp(train.labelled().purchases().distinct(s) - clicked, 0, 8)]++;
        total++;
      }
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] /= total;
    }
    return counts;
  }

  /// A few buyers held back can make a curve without slope, which would give every session the same
  /// probability and lose the order of the scores.
  private Calibration curve(double[] scores, boolean[] labels) {
    Calibration curve =
        signals.schema().isEmpty()
            ? Calibration.fit(config.intentCalibration(), scores, labels)
            : Calibration.fitLogOdds(config.intentCalibration(), scores, labels);
    return curve.isFlat() ? Calibration.near(scores, labels) : curve;
  }

  private IntentModel calibrated(List<IntentScorer> nets, IntentModel.Parts parts) {
    IntentModel bare =
        new IntentModel(config, categories, statistics, signals, nets, parts, Map.of());
    Map<PurchaseKind, IntentModel.Curves> curves = new EnumMap<>(PurchaseKind.class);
    HeldScores scores = new HeldScores(bare, valid, options.seed(), workers);
    for (PurchaseKind kind : bare.kinds()) {
      int k = kind.ordinal();
      curves.put(
          kind,
          new IntentModel.Curves(
              curve(scores.over[k], scores.buys),
              curve(scores.soFar[k], scores.buys),
              curve(scores.items(k), scores.bought())));
    }
    return new IntentModel(config, categories, statistics, signals, nets, parts, curves);
  }
}
