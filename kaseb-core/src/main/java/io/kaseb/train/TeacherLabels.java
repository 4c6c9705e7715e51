package io.kaseb.train;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.baseline.Ensemble;
import io.kaseb.baseline.Ranker;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import io.kaseb.network.Lesson;
import io.kaseb.tune.math.SeededRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What a teacher says after each event of the training sessions: its best items, and its
/// distribution over them. Worked out once before the first epoch.
///
/// The distribution is the softmax of the scores by the temperature where they are a network's or
/// the logarithms of a ranker's odds, and of the scores' logarithms by the temperature where they
/// are shares or counts, as those of all other kinds are.
public final class TeacherLabels {
  private static final int REPORT_SESSIONS = 512;

  /// Of the memory that Java may use; the network, its optimiser and the sessions need the rest.
  private static final double MOST_MEMORY = .5;

  private static final int BYTES = Integer.BYTES + Short.BYTES;

  private final int top;

  /// Items of each event, [events x top], -1 for none.
  private final int[] items;

  /// Their shares in half precision, [events x top].
  private final short[] shares;

  private TeacherLabels(int events, int top) {
    this.top = top;
    items = new int[events * top];
    shares = new short[events * top];
    Arrays.fill(items, -1);
  }

  /// Asks a teacher.
  ///
  /// @param catalogue the network's items; the teacher must have them all
  /// @param train the sessions, in the catalogue's numbers
  /// @param own whether the teacher was made of these very sessions: each is then left out where it
  ///   remembers sessions
  /// @param stop asked often
  /// @return null where it was stopped
  public static @Nullable TeacherLabels of(
      NextItemModel teacher,
      Catalogue catalogue,
      Sessions train,
      boolean own,
      TrainConfig config,
      Workers workers,
      Progress progress,
      BooleanSupplier stop) {
    int[] there = indices(teacher, catalogue, config);
    int[] here = teacher.catalogue().indicesIn(catalogue);
    int top = Math.min(config.distillTop(), teacher.catalogue().size());
    checkMemory(train.events(), config.distillTop(), Runtime.getRuntime().maxMemory());
    TeacherLabels labels = new TeacherLabels(train.events(), config.distillTop());
    AtomicInteger done = new AtomicInteger();
    boolean[] stopped = new boolean[1];
    Thread caller = Thread.currentThread();
    workers.share(
        train.count(),
        () -> TopItems.of(top),
        (best, s) -> {
          if (stopped[0]) {
            return;
          }
          labels.ask(teacher, train, s, own, there, here, best, config.distillTemperature());
          int now = done.incrementAndGet();
          if (Thread.currentThread() == caller && now % REPORT_SESSIONS < workers.threads()) {
            progress.at("asking the teacher", now, train.count(), "sessions");
            stopped[0] |= stop.getAsBoolean();
          }
        });
    return stopped[0] ? null : labels;
  }

  private static int[] indices(NextItemModel teacher, Catalogue catalogue, TrainConfig config) {
    int[] there = catalogue.indicesIn(teacher.catalogue());
    for (int i = 0; i < there.length; i++) {
      if (there[i] < 0) {
        throw new KasebException(
            new KasebException.Problem(
                config.distill(),
                "the teacher lacks item %s and has %,d items where the dataset has %,d"
                    .formatted(catalogue.id(i), teacher.catalogue().size(), catalogue.size()),
                null,
                "train the teacher on the same dataset"));
      }
    }
    return there;
  }

  /// Checks that the labels fit.
  ///
  /// @param most bytes that Java may use
  static void checkMemory(int events, int top, long most) {
    long entries = (long) events * top;
    if (entries > Integer.MAX_VALUE - 8 || (entries * BYTES) > (most * MOST_MEMORY)) {
      throw new KasebException(
          new KasebException.Problem(
              null,
              "distill_top=%d needs %,d MiB for %,d events, where Java may use %,d MiB in all"
                  .formatted(top, (entries * BYTES) >> 20, events, most >> 20),
              "half of it at most, and no more than 2^31 items",
              "lower distill_top, or give Java more memory, as in KASEB_JAVA_OPTS=-Xmx16g"));
    }
  }

  private void ask(
      NextItemModel teacher,
      Sessions train,
      int s,
      boolean own,
      int[] there,
      int[] here,
      TopItems best,
      float temperature) {
    SessionState state = teacher.newSession();
    if (own) {
      state.ownSession(
          Arrays.stream(train.items(), train.start(s), train.end(s))
              .map(item -> there[item])
              .distinct()
              .toArray());
    }
    for (int e = train.start(s); e + 1 < train.end(s); e++) {
      teacher.click(state, there[train.items()[e]]);
      teacher.top(state, best);
      note(teacher, e, here, best, temperature);
    }
  }

  private void note(
      NextItemModel teacher, int event, int[] here, TopItems best, float temperature) {
    int first = event * top;
    double[] logits = new double[best.size()];
    int n = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < best.size(); k++) {
      double logit = logit(teacher, best.score(k)) / temperature;
      if (here[best.item(k)] >= 0 && Double.isFinite(logit)) {
        items[first + n] = here[best.item(k)];
        logits[n++] = logit;
        max = Math.max(max, logit);
      }
    }
    double sum = 0;
    for (int k = 0; k < n; k++) {
      logits[k] = Math.exp(logits[k] - max);
      sum += logits[k];
    }
    for (int k = 0; k < n; k++) {
      shares[first + k] = Float.floatToFloat16((float) (logits[k] / sum));
    }
  }

  private static double logit(NextItemModel teacher, float score) {
    if (teacher instanceof Ranker ranker) {
      return ranker.logit(score);
    }
    boolean network = List.of(ModelFile.GRU4REC, Ensemble.KIND).contains(teacher.name());
    return network ? score : Math.log(score);
  }

  /// Lets the teacher name some targets: each with a chance of `share`, an item drawn from its
  /// distribution instead of the one that came next. Averaged over draws, the ranking loss is then
  /// `(1 - share)` times its own plus `share` times that of the teacher's items, each by its
  /// probability.
  ///
  /// @param key of the random numbers
  /// @param events places of the events in the training sessions, `n` of them
  /// @param targets their next items, some of which are replaced
  void draw(long key, float share, int[] events, int n, int[] targets) {
    for (int j = 0; j < n && share > 0; j++) {
      long bits = SeededRandom.step(key, j);
      if ((bits >>> 40) * 0x1p-24 >= share) {
        continue;
      }
      double rest = (bits & 0xFFFFFF) * 0x1p-24;
      int from = events[j] * top;
      for (int k = from; k < from + top && items[k] >= 0; k++) {
        rest -= Float.float16ToFloat(shares[k]);
        if (rest < 0) {
          targets[j] = items[k];
          break;
        }
      }
    }
  }

  /// Copies what the teacher says after some events.
  ///
  /// @param events places of the events in the training sessions, `n` of them
  void fill(Lesson lesson, int[] events, int n) {
    for (int j = 0; j < n; j++) {
      int from = events[j] * top;
      System.arraycopy(items, from, lesson.items(), j * top, top);
      for (int k = 0; k < top; k++) {
        lesson.shares()[j * top + k] = Float.float16ToFloat(shares[from + k]);
      }
    }
  }
}
