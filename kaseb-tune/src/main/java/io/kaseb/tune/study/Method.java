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
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How a study searches.
///
/// @param sampler what suggests parameters
/// @param pruner what decides about work
public record Method(Sampler sampler, Pruner pruner) {
  /// The names of samplers, NNI's among them.
  public static final List<String> SAMPLERS =
      List.of(
          "TPE",
          "Random",
          "GridSearch",
          "GP",
          "Evolution",
          "RegularizedEvolution",
          "Anneal",
          "PBT",
          "Hyperband",
          "BOHB");

  /// The names of pruners, NNI's among them.
  public static final List<String> PRUNERS =
      List.of("None", "Medianstop", "Curvefitting", "ASHA", "Hyperband");

  /// Creates what two specifications name. `Hyperband`, `BOHB` and `PBT` as samplers are their own
  /// pruners where no other is named.
  ///
  /// @param sampler one of [#SAMPLERS]
  /// @param pruner one of [#PRUNERS]
  /// @param budget steps of a full trial
  public static Method of(Spec sampler, Spec pruner, int budget) {
    Args args = new Args(sampler);
    Method method =
        switch (key(sampler.name())) {
          case "tpe" -> new Method(tpe(args), Pruner.NONE);
          case "random" -> new Method(new RandomSampler(), Pruner.NONE);
          case "gridsearch", "grid" -> new Method(new GridSampler(), Pruner.NONE);
          case "gp", "gptuner" -> new Method(gp(args), Pruner.NONE);
          case "evolution" -> new Method(evolution(args, 32, 2, 0), Pruner.NONE);
          case "regularizedevolution" -> new Method(evolution(args, 100, 25, .05), Pruner.NONE);
          case "anneal" -> new Method(anneal(args), Pruner.NONE);
          case "pbt", "pbttuner" -> {
            Pbt pbt = pbt(args, budget);
            yield new Method(pbt, pbt);
          }
          case "hyperband" -> new Method(new RandomSampler(), hyperband(args, budget));
          case "bohb" -> new Method(bohb(args), hyperband(args, budget));
          default -> throw unknown("sampler", sampler.name(), SAMPLERS);
        };
    args.done();
    return key(pruner.name()).equals("none")
        ? method
        : new Method(method.sampler(), pruner(pruner, budget));
  }

  private static Pruner pruner(Spec spec, int budget) {
    Args args = new Args(spec);
    Pruner pruner =
        switch (key(spec.name())) {
          case "medianstop", "median" ->
              new MedianPruner(
                  args.constant("variant", MedianPruner.Variant.class, MedianPruner.Variant.NNI),
                  args.integer("start_trials", 1),
                  args.integer("start_step", 0));
          case "curvefitting" -> {
            // NNI's name for the steps of a full trial; the study has its own.
            args.integer("epoch_num", budget);
            yield new CurvePruner(
                args.integer("start_step", CurvePruner.DEFAULT.startStep()),
                args.number("threshold", CurvePruner.DEFAULT.threshold()));
          }
          case "asha" ->
              new AshaPruner(
                  args.constant("type", AshaPruner.Type.class, AshaPruner.Type.PROMOTE),
                  args.integer("grace", 1),
                  args.number("eta", 3));
          case "hyperband" -> hyperband(args, budget);
          default -> throw unknown("pruner", spec.name(), PRUNERS);
        };
    args.done();
    return pruner;
  }

  private static Sampler tpe(Args args) {
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

  private static Sampler gp(Args args) {
    GpSampler usual = GpSampler.DEFAULT;
    return new GpSampler(
        args.integer("cold_start_num", usual.startup()),
        args.integer("candidates", usual.candidates()),
        args.integer("most", usual.most()));
  }

  private static Sampler evolution(Args args, int population, int sample, double mutation) {
    return new EvolutionSampler(
        args.integer("population_size", population),
        args.integer("sample_size", sample),
        args.number("mutation_prob", mutation));
  }

  private static Sampler anneal(Args args) {
    return new AnnealSampler(
        args.number("mean_rank", AnnealSampler.DEFAULT.meanRank()),
        args.number("shrinking", AnnealSampler.DEFAULT.shrinking()));
  }

  private static Pbt pbt(Args args, int budget) {
    return new Pbt(
        args.integer("population_size", 10),
        args.integer("interval", Math.max(1, budget / 10)),
        args.number("factor", .2),
        args.number("resample_probability", .25),
        args.number("fraction", .2));
  }

  private static Sampler bohb(Args args) {
    BohbSampler usual = BohbSampler.DEFAULT;
    return new BohbSampler(
        args.number("top_n_percent", 100 * usual.top()) / 100,
        args.integer("num_samples", usual.samples()),
        args.number("random_fraction", usual.randomShare()),
        args.number("bandwidth_factor", usual.widthFactor()),
        args.number("min_bandwidth", usual.leastWidth()));
  }

  private static HyperbandPruner hyperband(Args args, int budget) {
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

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  private static IllegalArgumentException unknown(String what, String name, List<String> known) {
    return new IllegalArgumentException(what + " " + name + "; must be one of " + known);
  }

  /// Returns what can be said for [Spec#args] of the default sampler, for documentation.
  public static Spec defaultSampler() {
    return new Spec("TPE", Map.of("mode", "optuna5"));
  }
}
