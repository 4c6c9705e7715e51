package io.kaseb.bench;

import static java.util.Objects.requireNonNull;

import io.kaseb.base.Progress;
import io.kaseb.config.KeyType;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Measures training's speed on made-up sessions of a catalogue of any size, warm-up apart.
public final class BenchTrain {
  private static final int EPOCH_EVENTS = 200_000;
  private static final int SESSION_LENGTH = 4;
  private static final double WARM_UP_SECONDS = 6;

  /// A measurement.
  ///
  /// @param items items of the catalogue
  /// @param eventsPerSecond best of the rounds
  /// @param rounds every round's rate
  /// @param warmUpSeconds what was spent before the rounds, while the compiler was at work
  /// @param warmUpEventsPerSecond the rate meanwhile
  /// @param bound events a second that the step's products and item rows alone would allow, as
  ///   measured right after the rounds
  /// @param boundGflops the products' best rate, all threads together
  /// @param boundRowNanoseconds the item rows' best time a row, all threads together
  /// @param allocatedBytesPerStep by all threads together, in the last round
  public record Row(
      String loss,
      List<Integer> layers,
      int batchSize,
      int threads,
      int items,
      double eventsPerSecond,
      double bound,
      double boundGflops,
      double boundRowNanoseconds,
      List<Double> rounds,
      double warmUpSeconds,
      double warmUpEventsPerSecond,
      double allocatedBytesPerStep) {}

  private BenchTrain() {}

  /// Trains until warm, then for `rounds` rounds of some 200,000 predictions.
  public static Row run(TrainConfig config, int items, int threads, int rounds) {
    Sessions sessions = sessions(items);
    Catalogue catalogue =
        Catalogue.of(IntStream.range(0, items).mapToObj(Integer::toString).toList());
    long[] counts = sessions.itemCounts(items);
    for (int i = 0; i < items; i++) {
      counts[i] = Math.max(counts[i], 5);
    }
    Training training = Training.create(config, catalogue, counts, threads);
    double warmUpSeconds = 0;
    long warmUpEvents = 0;
    while (warmUpSeconds < WARM_UP_SECONDS) {
      TrainingEpoch epoch = requireNonNull(training.epoch(sessions, Progress.NONE, () -> false));
      warmUpSeconds += epoch.seconds();
      warmUpEvents += epoch.events();
    }
    List<Double> rates = new ArrayList<>();
    double allocated = 0;
    for (int r = 0; r < rounds; r++) {
      AllocationMeter meter = new AllocationMeter(training);
      TrainingEpoch epoch = requireNonNull(training.epoch(sessions, Progress.NONE, meter));
      rates.add(epoch.events() / epoch.seconds());
      allocated = meter.bytesPerStep();
    }
    double best = rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    BenchBound.Bound bound = BenchBound.of(config, counts, threads);
    return new Row(
        KeyType.text(config.loss()),
        config.layers(),
        config.batchSize(),
        threads,
        items,
        best,
        bound.eventsPerSecond(),
        bound.gflops(),
        bound.rowNanoseconds(),
        rates,
        warmUpSeconds,
        warmUpEvents / warmUpSeconds,
        allocated);
  }

  /// Sessions of four clicks, items by a popularity that falls like YOOCHOOSE's: rank^-0.67 over
  /// the first 2,000 ranks, twice as steep after.
  private static Sessions sessions(int items) {
    double[] cumulative = new double[items];
    double sum = 0;
    for (int i = 0; i < items; i++) {
      double rank = i + 10;
      sum += rank < 2000 ? Math.pow(rank, -.67) : Math.pow(2000, .67) * Math.pow(rank, -1.34);
      cumulative[i] = sum;
    }
    int count = EPOCH_EVENTS / (SESSION_LENGTH - 1);
    int[] offsets = new int[count + 1];
    int[] clicked = new int[count * SESSION_LENGTH];
    SplittableRandom random = new SplittableRandom(1);
    for (int e = 0; e < clicked.length; e++) {
      int at = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
      clicked[e] = Math.min(items - 1, at < 0 ? -at - 1 : at);
    }
    for (int s = 0; s <= count; s++) {
      offsets[s] = s * SESSION_LENGTH;
    }
    return new Sessions(offsets, clicked, null);
  }
}
