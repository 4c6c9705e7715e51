package io.kaseb.tune.study;

import io.kaseb.tune.pruner.AshaPruner;
import io.kaseb.tune.pruner.CurvePruner;
import io.kaseb.tune.pruner.HyperbandPruner;
import io.kaseb.tune.pruner.MedianPruner;
import io.kaseb.tune.pruner.Pruner;
import io.kaseb.tune.sampler.AnnealSampler;
import io.kaseb.tune.sampler.BohbSampler;
import io.kaseb.tune.sampler.EvolutionSampler;
import io.kaseb.tune.sampler.GpSampler;
import io.kaseb.tune.sampler.GridSampler;
import io.kaseb.tune.sampler.Pbt;
import io.kaseb.tune.sampler.RandomSampler;
import io.kaseb.tune.sampler.Sampler;
import io.kaseb.tune.sampler.TpeMode;
import io.kaseb.tune.sampler.TpeSampler;
import io.kaseb.tune.study.MethodName.PrunerName;
import io.kaseb.tune.study.MethodName.SamplerName;
import java.util.List;
import java.util.Map;

/// How a study searches.
///
/// @param sampler what suggests parameters
/// @param pruner what decides about work
public record Method(Sampler sampler, Pruner pruner) {
  /// The names of samplers, NNI's among them.
  public static final List<String> SAMPLERS = MethodName.shown(SamplerName.values());

  /// The names of pruners, NNI's among them.
  public static final List<String> PRUNERS = MethodName.shown(PrunerName.values());

  /// Creates what two specifications name. `Hyperband`, `BOHB` and `PBT` as samplers are their own
  /// pruners where no other is named.
  ///
  /// @param sampler one of [#SAMPLERS]
  /// @param pruner one of [#PRUNERS]
  /// @param budget steps of a full trial
  public static Method of(MethodSpec sampler, MethodSpec pruner, int budget) {
    SpecArguments args = new SpecArguments(sampler);
    Method method =
        switch (MethodName.of("sampler", sampler.name(), SamplerName.values())) {
          case TPE -> new Method(tpe(args), Pruner.NONE);
          case RANDOM -> new Method(new RandomSampler(), Pruner.NONE);
          case GRID_SEARCH -> new Method(new GridSampler(), Pruner.NONE);
          case GP -> new Method(gp(args), Pruner.NONE);
          case EVOLUTION -> new Method(evolution(args, 32, 2, 0), Pruner.NONE);
          case REGULARIZED_EVOLUTION -> new Method(evolution(args, 100, 25, .05), Pruner.NONE);
          case ANNEAL -> new Method(anneal(args), Pruner.NONE);
          case PBT -> {
            Pbt pbt = pbt(args, budget);
            yield new Method(pbt, pbt);
          }
          case HYPERBAND -> new Method(new RandomSampler(), hyperband(args, budget));
          case BOHB -> new Method(bohb(args), hyperband(args, budget));
        };
    args.done();
    PrunerName name = MethodName.of("pruner", pruner.name(), PrunerName.values());
    return name == PrunerName.NONE
        ? method
        : new Method(method.sampler(), pruner(name, pruner, budget));
  }

  private static Pruner pruner(PrunerName name, MethodSpec spec, int budget) {
    SpecArguments args = new SpecArguments(spec);
    Pruner pruner =
        switch (name) {
          case NONE -> Pruner.NONE;
          case MEDIAN_STOP ->
              new MedianPruner(
                  args.constant("variant", MedianPruner.Variant.class, MedianPruner.Variant.NNI),
                  args.integer("start_trials", 1),
                  args.integer("start_step", 0));
          case CURVE_FITTING -> {
            // NNI's name for the steps of a full trial; the study has its own.
            args.integer("epoch_num", budget);
            yield new CurvePruner(
                args.integer("start_step", CurvePruner.DEFAULT.startStep()),
                args.number("threshold", CurvePruner.DEFAULT.threshold()));
          }
          case ASHA ->
              new AshaPruner(
                  args.constant("type", AshaPruner.Type.class, AshaPruner.Type.PROMOTE),
                  args.integer("grace", 1),
                  args.number("eta", 3));
          case HYPERBAND -> hyperband(args, budget);
        };
    args.done();
    return pruner;
  }

  /// Returns whether a new trial may go on from another trial's state, which must then be kept
  /// after that one has finished.
  public boolean copiesTrials() {
    return sampler instanceof Pbt;
  }

  private static Sampler tpe(SpecArguments args) {
    TpeMode mode = args.constant("mode", TpeMode.class, TpeMode.OPTUNA5);
    TpeSampler.Config usual = TpeSampler.Config.of(mode);
    return new TpeSampler(
        new TpeSampler.Config(
            mode,
            args.integer("startup", usual.startup()),
            args.integer("candidates", usual.candidates()),
            args.flag("multivariate", usual.multivariate()),
            args.constant("liar", TpeSampler.Liar.class, usual.liar()),
            args.flag("loss_order", usual.lossOrder()),
            args.integer("linear_forgetting", usual.forgetting())));
  }

  private static Sampler gp(SpecArguments args) {
    GpSampler usual = GpSampler.DEFAULT;
    return new GpSampler(
        args.integer("cold_start_num", usual.startup()),
        args.integer("candidates", usual.candidates()),
        args.integer("most", usual.most()));
  }

  private static Sampler evolution(
      SpecArguments args, int population, int sample, double mutation) {
    return new EvolutionSampler(
        args.integer("population_size", population),
        args.integer("sample_size", sample),
        args.number("mutation_prob", mutation));
  }

  private static Sampler anneal(SpecArguments args) {
    return new AnnealSampler(
        args.number("mean_rank", AnnealSampler.DEFAULT.meanRank()),
        args.number("shrinking", AnnealSampler.DEFAULT.shrinking()));
  }

  private static Pbt pbt(SpecArguments args, int budget) {
    return new Pbt(
        args.integer("population_size", 10),
        args.integer("interval", Math.max(1, budget / 10)),
        args.number("factor", .2),
        args.number("resample_probability", .25),
        args.number("fraction", .2));
  }

  private static Sampler bohb(SpecArguments args) {
    BohbSampler usual = BohbSampler.DEFAULT;
    return new BohbSampler(
        args.number("top_n_percent", 100 * usual.top()) / 100,
        args.integer("num_samples", usual.samples()),
        args.number("random_fraction", usual.randomShare()),
        args.number("bandwidth_factor", usual.widthFactor()),
        args.number("min_bandwidth", usual.leastWidth()));
  }

  private static HyperbandPruner hyperband(SpecArguments args, int budget) {
    // NNI's names for the steps of a full trial; the study has its own.
    for (String name : List.of("R", "max_budget")) {
      int stated = args.integer(name, budget);
      if (stated != budget) {
        throw new IllegalArgumentException(
            "%s=%d but the study's full trials have %d steps; must be equal"
                .formatted(name, stated, budget));
      }
    }
    return new HyperbandPruner(args.integer("min_budget", 1), args.number("eta", 3));
  }

  /// Returns what can be said for [MethodSpec#args] of the default sampler, for documentation.
  public static MethodSpec defaultSampler() {
    return new MethodSpec("TPE", Map.of("mode", "optuna5"));
  }
}
