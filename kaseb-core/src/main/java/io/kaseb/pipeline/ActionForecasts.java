package io.kaseb.pipeline;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.ActionRecall;
import io.kaseb.eval.EvalConfig;
import io.kaseb.event.Actions;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Items that sessions act on next, whatever the action: how well they are found, and how often
/// they are ones that the session has not touched.
final class ActionForecasts {
  private static final int K = 20;

  /// More test sessions than this tell no more.
  private static final int MOST_MEASURED = 20_000;

  /// Sessions that are counted, the latest ones.
  private static final int MOST_COUNTED = 2_000;

  private static final int CHUNK = 64;
  private static final long SEED = 1;
  private static final String MODEL = "model";
  private static final String VIEWS = "as next clicks";
  private static final String LATEST = "latest first";
  private static final String RANKER = "its ranker";

  private ActionForecasts() {}

  /// Measures the lists of a model for each of its targets on test sessions, each shown up to a
  /// random one of its events. Beside them stand what it expects to be clicked next, and the
  /// session's own items, latest first.
  ///
  /// @return null where the model forecasts nothing but next clicks, or no session has more to come
  static @Nullable ActionRecall measure(
      Forecaster forecaster, OpenDataset dataset, EvalConfig config, Progress progress) {
    if (forecaster.targets().size() < 2) {
      return null;
    }
    LabelledSessions test = dataset.labelledTest();
    List<String> ids = dataset.dataset().catalogue().ids();
    Lists lists = Lists.of(forecaster);
    List<String> targets = forecaster.targets();
    List<Remainder> remainders = targets.stream().map(t -> Remainder.of(test, t)).toList();
    int measured = Math.min(test.count(), MOST_MEASURED);
    Counts counts = Counts.of(measured * targets.size(), lists.words.size());
    AtomicInteger done = new AtomicInteger();
    config
        .workers()
        .forRanges(
            measured,
            CHUNK,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                int s = (int) ((long) i * test.count() / measured);
                LoggedSession logged = new LoggedSession(test, ids, s);
                lists.count(logged, remainders, config.seed(), counts, i * targets.size());
              }
              progress.at("forecasting actions", done.addAndGet(to - from), measured, "sessions");
            });
    int[] columns =
        IntStream.range(0, targets.size())
            .filter(t -> any(counts.possible, targets.size(), t))
            .toArray();
    if (columns.length == 0) {
      return null;
    }
    int[] rows = places(measured, targets.size(), columns, 1);
    int[] cells = places(measured, targets.size(), columns, lists.words.size());
    List<String> names = Arrays.stream(columns).mapToObj(targets::get).toList();
    return ActionRecall.of(
        K,
        names,
        lists.words,
        Arrays.stream(rows).map(at -> counts.possible[at]).toArray(),
        Arrays.stream(cells).map(at -> counts.hits[at]).toArray(),
        Arrays.stream(cells).mapToDouble(at -> counts.reciprocals[at]).toArray(),
        config);
  }

  private static boolean any(int[] rows, int width, int column) {
    return IntStream.range(0, rows.length / width).anyMatch(r -> rows[r * width + column] > 0);
  }

  /// Returns where the cells of some columns are in a table of [rows x width x depth].
  private static int[] places(int rows, int width, int[] columns, int depth) {
    return IntStream.range(0, rows)
        .flatMap(
            r ->
                Arrays.stream(columns)
                    .flatMap(c -> IntStream.range(0, depth).map(d -> (r * width + c) * depth + d)))
        .toArray();
  }

  /// What is counted of each session.
  ///
  /// @param possible most hits, [sessions x targets]
  /// @param hits of each list, [sessions x targets x lists]
  /// @param reciprocals one over the place of the first hit, 0 of none, shaped likewise
  private record Counts(int[] possible, int[] hits, double[] reciprocals) {
    static Counts of(int rows, int lists) {
      return new Counts(new int[rows], new int[rows * lists], new double[rows * lists]);
    }
  }

  /// The lists that are measured, each by the forecaster that makes it.
  ///
  /// @param model the model's own list for a target, and its next clicks
  /// @param ranker the list of the action's ranker alone; null of a model without such rankers
  private record Lists(List<String> words, Forecaster model, @Nullable Forecaster ranker) {
    static Lists of(Forecaster model) {
      List<String> words = new ArrayList<>(List.of(MODEL, VIEWS, LATEST));
      boolean isRanked = !model.rankedActions().isEmpty();
      if (isRanked) {
        words.add(RANKER);
      }
      return new Lists(List.copyOf(words), model, isRanked ? model.withoutPurchases() : null);
    }

    /// Counts for each target what its lists find; a session is followed once for all of them.
    ///
    /// @param row of the session's first target
    void count(
        LoggedSession logged, List<Remainder> remainders, long seed, Counts counts, int row) {
      int shown = remainders.getFirst().shown(logged.number(), seed);
      Followed followed = null;
      for (int t = 0; shown > 0 && t < remainders.size(); t++) {
        Set<Integer> items = remainders.get(t).items(logged.number(), shown);
        if (items.isEmpty()) {
          continue;
        }
        if (followed == null) {
          followed = follow(logged, shown);
        }
        Set<String> truth = named(items, logged.itemIds());
        counts.possible[row + t] = Math.min(K, truth.size());
        List<List<String>> lists = followed.lists(model.targets().get(t));
        for (int l = 0; l < lists.size(); l++) {
          List<String> list = lists.get(l);
          int at = (row + t) * words.size() + l;
          int[] places =
              IntStream.range(0, list.size()).filter(p -> truth.contains(list.get(p))).toArray();
          counts.hits[at] = places.length;
          counts.reciprocals[at] = places.length == 0 ? 0 : 1.0 / (places[0] + 1);
        }
      }
    }

    private Followed follow(LoggedSession logged, int shown) {
      Session session = told(model, logged, shown);
      return new Followed(
          session,
          ranker == null ? null : told(ranker, logged, shown),
          model.rankedActions(),
          ids(session, Forecaster.NEXT_VIEW),
          latest(logged, shown));
    }

    private static Session told(Forecaster forecaster, LoggedSession logged, int shown) {
      Session session = forecaster.newSession();
      logged.into(session, shown);
      return session;
    }
  }

  private static List<String> ids(Session session, String target) {
    return session.forecast(K, null, false, target).items().stream()
        .map(SessionForecast.Next::item)
        .toList();
  }

  /// A session as each list's forecaster has followed it.
  ///
  /// @param ranked the actions that have a ranker of their own
  /// @param views the likeliest next items
  private record Followed(
      Session model,
      @Nullable Session ranker,
      Set<String> ranked,
      List<String> views,
      List<String> latest) {
    List<List<String>> lists(String target) {
      boolean isView = target.equals(Forecaster.NEXT_VIEW);
      List<List<String>> lists = new ArrayList<>();
      lists.add(isView ? views : ids(model, target));
      lists.add(views);
      lists.add(latest);
      if (ranker != null) {
        lists.add(ranked.contains(target) ? ids(ranker, target) : views);
      }
      return lists;
    }
  }

  /// Items that nobody clicked get a name that no list has.
  private static Set<String> named(Set<Integer> items, List<String> ids) {
    Set<String> names = new HashSet<>();
    for (int item : items) {
      names.add(item < 0 ? "\0" + item : ids.get(item));
    }
    return names;
  }

  private static List<String> latest(LoggedSession logged, int shown) {
    Sessions sessions = logged.labelled().sessions();
    int from = sessions.start(logged.number());
    return IntStream.range(0, shown)
        .map(e -> sessions.items()[from + shown - 1 - e])
        .filter(item -> item >= 0)
        .distinct()
        .limit(K)
        .mapToObj(logged.itemIds()::get)
        .toList();
  }

  /// Counts on training sessions how many of the items that they still act on, after a random one
  /// of their events, are among the likeliest next items that they have not touched.
  ///
  /// @param index the model's number of each item of the log
  /// @return a number for each goal of the model
  static Map<String, Double> elsewhere(
      Forecaster forecaster, LabelledSessions train, int[] index, Workers workers) {
    Map<String, Double> found = new LinkedHashMap<>();
    for (String target : forecaster.targets()) {
      if (!target.equals(Forecaster.NEXT_VIEW)) {
        found.put(target, elsewhere(forecaster, Remainder.of(train, target), index, workers));
      }
    }
    return found;
  }

  private static double elsewhere(
      Forecaster forecaster, Remainder remainder, int[] index, Workers workers) {
    int[] acting =
        IntStream.range(0, remainder.labelled().count())
            .filter(s -> !remainder.items(s, remainder.shown(s, SEED)).isEmpty())
            .toArray();
    int counted = Math.min(acting.length, MOST_COUNTED);
    int[] hits = new int[counted];
    workers.forEach(
        counted, i -> hits[i] = fresh(forecaster, remainder, acting[acting.length - 1 - i], index));
    return counted == 0 ? 0 : (double) Arrays.stream(hits).sum() / counted;
  }

  /// Returns how many of the likeliest untouched next items a session acts on.
  private static int fresh(Forecaster forecaster, Remainder remainder, int session, int[] index) {
    Sessions sessions = remainder.labelled().sessions();
    int shown = remainder.shown(session, SEED);
    Forecaster.State state = forecaster.newState();
    Set<Integer> touched = new HashSet<>();
    boolean any = false;
    for (int e = sessions.start(session); e < sessions.start(session) + shown; e++) {
      int item = known(index, sessions.items()[e]);
      if (item >= 0) {
        touched.add(item);
        if (remainder.labelled().signals().action(e) == Actions.VIEW) {
          state.click(item);
          any = true;
        }
      }
    }
    TopItems top = TopItems.of(K + touched.size());
    if (any) {
      forecaster.top(state, top);
    } else {
      forecaster.popular(top);
    }
    Set<Integer> truth = new HashSet<>();
    for (int item : remainder.items(session, shown)) {
      truth.add(known(index, item));
    }
    return (int)
        Arrays.stream(top.items())
            .filter(item -> !touched.contains(item))
            .limit(K)
            .filter(truth::contains)
            .count();
  }

  /// Returns the model's number of an item, -1 of one that was acted on and never clicked.
  private static int known(int[] index, int item) {
    return item < 0 || item >= index.length ? -1 : index[item];
  }
}
