package io.kaseb.tune.sampler;

import io.kaseb.tune.pruner.Decision;
import io.kaseb.tune.pruner.Pruner;
import io.kaseb.tune.pruner.Rungs;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Population based training (Jaderberg et al. 2017): members train side by side; after each
/// generation the worst are replaced by changed copies of the best, which go on from those trials'
/// weights. The others simply go on. A member's place in the population is its trial's bracket.
///
/// @param population members
/// @param interval steps of a generation
/// @param factor a number is multiplied by 1 - this or 1 + this
/// @param resample chance of a parameter to be drawn anew instead
/// @param fraction share of the population that is replaced, and that is copied
public record Pbt(int population, int interval, double factor, double resample, double fraction)
    implements Sampler, Pruner {
  /// Checks the numbers.
  public Pbt {
    boolean shares = factor > 0 && factor < 1 && resample >= 0 && resample <= 1;
    if (population < 2 || interval < 1 || !shares || !(fraction > 0 && fraction <= .5)) {
      throw new IllegalArgumentException(
          ("population_size=%d, interval=%d, factor=%s, resample_probability=%s, fraction=%s;"
                  + " must be 2 or more, 1 or more, 0..1, 0..1, above 0 and at most .5")
              .formatted(population, interval, factor, resample, fraction));
    }
  }

  /// NNI's defaults, with generations of `interval` steps.
  ///
  /// @param interval steps of a generation, 1 or more
  /// @return a sampler that is its own pruner
  public static Pbt of(int interval) {
    return new Pbt(10, interval, .2, .25, .2);
  }

  @Override
  public boolean stops(History history, Trial trial) {
    return false;
  }

  @Override
  public Decision next(History history, boolean mayStart) {
    List<Trial> members = members(history, Integer.MAX_VALUE);
    if (members.size() < population && mayStart) {
      return new Decision.Start(0, Math.min(interval, history.budget()), members.size());
    }
    int done =
        members.stream().filter(t -> mayStart || !lost(t)).mapToInt(Trial::until).min().orElse(0);
    if (done == 0 || done >= history.budget()) {
      return new Decision.Nothing();
    }
    List<Trial> generation = members(history, done);
    if (generation.stream().anyMatch(t -> !lost(t) && t.lastStep() < done)) {
      return new Decision.Nothing();
    }
    int until = Math.min(done + interval, history.budget());
    Set<Integer> losers = losers(history, generation, done);
    // Copies begin first, before the trials that they copy go on.
    for (int place = 0; place < members.size() && mayStart; place++) {
      Trial trial = members.get(place);
      boolean ended = trial.state() == TrialState.WAITING || lost(trial);
      if (ended && trial.until() == done && losers.contains(trial.id())) {
        return new Decision.Start(done, until, place);
      }
    }
    for (Trial trial : members) {
      if (trial.state() == TrialState.WAITING && trial.until() == done) {
        return new Decision.Continue(trial.id(), until);
      }
    }
    return new Decision.Nothing();
  }

  /// Returns the trials that are replaced after a generation: all that were lost, and the worst up
  /// to the wanted share; one survives in any case.
  private Set<Integer> losers(History history, List<Trial> generation, int done) {
    List<Trial> ranked = ranked(history, generation, done);
    Set<Integer> losers = new HashSet<>();
    generation.stream().filter(Pbt::lost).forEach(t -> losers.add(t.id()));
    int more = Math.clamp(replaced() - losers.size(), 0, Math.max(0, ranked.size() - 1));
    ranked.subList(ranked.size() - more, ranked.size()).forEach(t -> losers.add(t.id()));
    return losers;
  }

  private static List<Trial> ranked(History history, List<Trial> generation, int done) {
    return Rungs.ranked(history, generation.stream().filter(t -> !lost(t)).toList(), done);
  }

  private int replaced() {
    return Math.max(1, (int) (fraction * population));
  }

  private static boolean lost(Trial trial) {
    return trial.state().finished() && trial.state() != TrialState.SUCCEEDED;
  }

  /// Returns the newest trial of each place among those that began before a step.
  private static List<Trial> members(History history, int before) {
    List<Trial> members = new ArrayList<>();
    for (Trial trial : history.trials()) {
      int place = trial.origin().bracket();
      if (place < 0 || trial.segments().isEmpty() || trial.segments().getFirst().from() >= before) {
        continue;
      }
      if (place < members.size()) {
        members.set(place, trial);
      } else {
        members.add(trial);
      }
    }
    return members;
  }

  @Override
  public List<Integer> dropped(History history) {
    Set<Integer> current = new HashSet<>();
    members(history, Integer.MAX_VALUE).forEach(t -> current.add(t.id()));
    return history.in(TrialState.WAITING).stream()
        .filter(
            t -> t.origin().bracket() >= 0 && !t.segments().isEmpty() && !current.contains(t.id()))
        .map(Trial::id)
        .toList();
  }

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    if (!(next(history, true) instanceof Decision.Start start) || start.from() == 0) {
      return Suggestion.unseen(history, history.space().random(random), random);
    }
    List<Trial> ranked = ranked(history, members(history, start.from()), start.from());
    if (ranked.isEmpty()) {
      return Suggestion.unseen(history, history.space().random(random), random);
    }
    Trial model = ranked.get(random.nextInt(Math.min(replaced(), ranked.size())));
    double[] point = history.point(model);
    if (point == null) {
      return Suggestion.unseen(history, history.space().random(random), random);
    }
    double[] changed = explored(history.space(), point, random);
    return UnseenPoint.nearest(history, changed, random).map(p -> new Suggestion(p, model.id()));
  }

  private double[] explored(Space space, double[] point, RandomGenerator random) {
    double[] changed = point.clone();
    for (Dimension dimension : space.dimensions()) {
      int i = dimension.index();
      if (Double.isNaN(point[i])) {
        continue;
      }
      if (random.nextDouble() < resample) {
        changed[i] = Space.random(dimension, random);
      } else if (dimension.options() == 0) {
        double value = ((Number) dimension.domain().value(point[i])).doubleValue();
        double moved = value * (random.nextBoolean() ? 1 + factor : 1 - factor);
        changed[i] = Math.clamp(coordinate(dimension.domain(), moved, point[i]), 0, 1);
      }
    }
    return space.repaired(changed, random);
  }

  private static double coordinate(Domain domain, double value, double otherwise) {
    double inside =
        domain instanceof Range range ? Math.clamp(value, range.low(), range.high()) : value;
    double u = domain.coordinate(inside);
    return Double.isFinite(u) ? u : otherwise;
  }
}
