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
  private static final List<String> LISTS = List.of(MODEL, VIEWS, LATEST);

  private ActionForecasts() {}

  /// Measures the lists of a model for each of its targets on test sessions, each shown up to a
  /// random one of its events. Beside them stand what it expects to be clicked next, and the
  /// session's own items, latest first.
  ///
  /// @return null where the model forecasts nothing but next clicks, or no session has more to come
  static @Nullable ActionRecall measure(
      Forecaster forecaster, OpenDataset dataset, EvalConfig config, Progress progress) {
    if (forecaster.purchases() == null) {
      return null;
    }
    LabelledSessions test = dataset.labelledTest();
    List<String> ids = dataset.dataset().catalogue().ids();
    List<String> targets = forecaster.targets();
    List<Remainder> remainders = targets.stream().map(t -> Remainder.of(test, t)).toList();
    int measured = Math.min(test.count(), MOST_MEASURED);
    int[] possible = new int[measured * targets.size()];
    int[] hits = new int[possible.length * LISTS.size()];
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
                int row = i * targets.size();
                count(forecaster, logged, remainders, config.seed(), possible, hits, row);
              }
              progress.at("forecasting actions", done.addAndGet(to - from), measured, "sessions");
            });
    List<String> found = new ArrayList<>();
    int[] columns =
        IntStream.range(0, targets.size()).filter(t -> any(possible, targets.size(), t)).toArray();
    for (int t : columns) {
      found.add(targets.get(t));
    }
    return columns.length == 0
        ? null
        : ActionRecall.of(
            K,
            found,
            LISTS,
            columns(possible, targets.size(), columns, 1),
            columns(hits, targets.size(), columns, LISTS.size()),
            config);
  }

  private static boolean any(int[] rows, int width, int column) {
    return IntStream.range(0, rows.length / width).anyMatch(r -> rows[r * width + column] > 0);
  }

  private static int[] columns(int[] table, int width, int[] columns, int depth) {
    int rows = table.length / (width * depth);
    return IntStream.range(0, rows)
        .flatMap(
            r ->
                Arrays.stream(columns)
                    .flatMap(
                        c ->
                            IntStream.range(0, depth).map(d -> table[(r * width + c) * depth + d])))
        .toArray();
  }

  /// Items that nobody clicked get a name that no list has.
  private static Set<String> named(Set<Integer> items, List<String> ids) {
    Set<String> names = new HashSet<>();
    for (int item : items) {
      names.add(item < 0 ? "\0" + item : ids.get(item));
    }
    return names;
  }

  /// Counts for each target what its lists find; a session is followed once for all of them.
  ///
  /// @param row of the session's first target
  private static void count(
      Forecaster forecaster,
      LoggedSession logged,
      List<Remainder> remainders,
      long seed,
      int[] possible,
      int[] hits,
      int row) {
    int shown = remainders.getFirst().shown(logged.number(), seed);
    Session session = null;
    List<String> views = List.of();
    List<String> latest = List.of();
    for (int t = 0; shown > 0 && t < remainders.size(); t++) {
      Set<Integer> items = remainders.get(t).items(logged.number(), shown);
      if (items.isEmpty()) {
        continue;
      }
      if (session == null) {
        session = forecaster.newSession();
        logged.into(session, shown);
        views = ids(session.forecast(K, null, false));
        latest = latest(logged, shown);
      }
      String target = forecaster.targets().get(t);
      List<String> asked =
          target.equals(Forecaster.NEXT_VIEW)
              ? views
              : ids(session.forecast(K, null, false, target));
      Set<String> truth = named(items, logged.itemIds());
      possible[row + t] = Math.min(K, truth.size());
      List<List<String>> lists = List.of(asked, views, latest);
      for (int l = 0; l < lists.size(); l++) {
        hits[(row + t) * LISTS.size() + l] =
            (int) lists.get(l).stream().filter(truth::contains).count();
      }
    }
  }

  private static List<String> ids(SessionForecast forecast) {
    return forecast.items().stream().map(SessionForecast.Next::item).toList();
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
