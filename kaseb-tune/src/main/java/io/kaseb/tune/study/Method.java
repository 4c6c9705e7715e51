package io.kaseb.tune.study;

import io.kaseb.tune.pruner.AshaPruner;
import io.kaseb.tune.pruner.CurvePruner;
import io.kaseb.tune.pruner.HyperbandPruner;
import io.kaseb.tune.pruner.MedianPruner;
import io.kaseb.tune.pruner.PatientPruner;
import io.kaseb.tune.pruner.PercentilePruner;
import io.kaseb.tune.pruner.Pruner;
import io.kaseb.tune.pruner.ThresholdPruner;
import io.kaseb.tune.pruner.WilcoxonPruner;
import io.kaseb.tune.sampler.AnnealSampler;
import io.kaseb.tune.sampler.AutoSampler;
import io.kaseb.tune.sampler.BohbSampler;
import io.kaseb.tune.sampler.CmaEsSampler;
import io.kaseb.tune.sampler.EvolutionSampler;
import io.kaseb.tune.sampler.ForestSampler;
import io.kaseb.tune.sampler.GpSampler;
import io.kaseb.tune.sampler.GridSampler;
import io.kaseb.tune.sampler.NsgaSampler;
import io.kaseb.tune.sampler.Pbt;
import io.kaseb.tune.sampler.RandomSampler;
import io.kaseb.tune.sampler.Sampler;
import io.kaseb.tune.sampler.SobolSampler;
import io.kaseb.tune.sampler.Terminator;
import io.kaseb.tune.sampler.TpeMode;
import io.kaseb.tune.sampler.TpeSampler;
import io.kaseb.tune.study.MethodName.PrunerName;
import io.kaseb.tune.study.MethodName.SamplerName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a study searches.
///
/// @param sampler what suggests parameters
/// @param pruner what decides about work
/// @param terminator what ends the study before its last trial, or null
public record Method(Sampler sampler, Pruner pruner, @Nullable Terminator terminator) {
  /// Creates a method that goes on to the last trial.
  ///
  /// @param sampler proposes parameters
  /// @param pruner says how much work each trial is worth
  public Method(Sampler sampler, Pruner pruner) {
    this(sampler, pruner, null);
  }

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
  /// @return a sampler and a pruner for a study of any length
  public static Method of(MethodSpec sampler, MethodSpec pruner, int budget) {
    return of(sampler, pruner, budget, 0, 0);
  }

  /// Does the same for a study.
  ///
  /// @param sampler one of [#SAMPLERS]
  /// @param pruner one of [#PRUNERS]
  /// @param budget steps of a full trial
  /// @param seed the study's; what a sampler draws for the study and not for a trial comes from it
  /// @param maxTrials how long the study is to be; 0 where that is not known
  /// @return a sampler and a pruner for this study
  public static Method of(
      MethodSpec sampler, MethodSpec pruner, int budget, long seed, int maxTrials) {
    return of(sampler, pruner, budget, seed, maxTrials, Double.POSITIVE_INFINITY);
  }

  /// Does the same for a study whose time is limited.
  ///
  /// @param sampler one of [#SAMPLERS]
  /// @param pruner one of [#PRUNERS]
  /// @param budget steps of a full trial
  /// @param seed the study's; what a sampler draws for the study and not for a trial comes from it
  /// @param maxTrials how long the study is to be; 0 where that is not known
  /// @param seconds of work, over all workers, that it may take; [Double#POSITIVE_INFINITY] where
  ///   suggestions must not depend on what trials cost
  /// @return a sampler and a pruner for this study
  public static Method of(
      MethodSpec sampler, MethodSpec pruner, int budget, long seed, int maxTrials, double seconds) {
    SpecArguments args = new SpecArguments(sampler);
    Method method =
        switch (MethodName.of("sampler", sampler.name(), SamplerName.values())) {
          case AUTO -> new Method(AutoSampler.of(seed, maxTrials, seconds), Pruner.NONE);
          case TPE -> new Method(tpe(args), Pruner.NONE);
          case RANDOM -> new Method(new RandomSampler(), Pruner.NONE);
          case GRID_SEARCH -> new Method(new GridSampler(), Pruner.NONE);
          case GP -> new Method(gp(args, seed, maxTrials), Pruner.NONE);
          case SMAC -> new Method(forest(args, seed), Pruner.NONE);
          case CMA_ES ->
              new Method(
                  new CmaEsSampler(
                      args.integer("population_size", 0),
                      args.number("sigma0", .25),
                      new SobolSampler(seed)),
                  Pruner.NONE);
          case NSGA_II ->
              new Method(
                  new NsgaSampler(
                      args.integer("population_size", 50),
                      args.number("crossover_prob", .9),
                      new SobolSampler(seed)),
                  Pruner.NONE);
          case SOBOL -> new Method(new SobolSampler(seed), Pruner.NONE);
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
    Terminator terminator = args.flag("terminate", false) ? Terminator.of(seed) : null;
    args.done();
    PrunerName name = MethodName.of("pruner", pruner.name(), PrunerName.values());
    return new Method(
        method.sampler(),
        name == PrunerName.NONE ? method.pruner() : pruner(name, pruner, budget),
        terminator);
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
          case PERCENTILE ->
              new PercentilePruner(
                  args.number("percentile", 25),
                  args.integer("start_trials", 5),
                  args.integer("start_step", 0));
          case THRESHOLD ->
              new ThresholdPruner(
                  args.number("lower", Double.NEGATIVE_INFINITY),
                  args.number("upper", Double.POSITIVE_INFINITY),
                  args.integer("start_step", 0));
          case WILCOXON ->
              new WilcoxonPruner(
                  args.number("p_threshold", .1), args.integer("n_startup_steps", 2));
          case PATIENT ->
              new PatientPruner(
                  inner(args.text("pruner", "None"), budget),
                  args.integer("patience", 3),
                  args.number("min_delta", 0));
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

  /// Returns the pruner inside another one, by its name alone; those that pause trials have their
  /// own way to decide and cannot be inside.
  private static Pruner inner(String name, int budget) {
    Pruner pruner =
        pruner(MethodName.of("pruner", name, PrunerName.values()), MethodSpec.of(name), budget);
    if (pruner instanceof AshaPruner || pruner instanceof HyperbandPruner) {
      throw new IllegalArgumentException(
          "Patient: pruner=%s; must be one that stops trials, as in Medianstop".formatted(name));
    }
    return pruner;
  }

  /// {@return whether a new trial may go on from another trial's state, which must then be kept
  /// after that one has finished}
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

  private static Sampler gp(SpecArguments args, long seed, int maxTrials) {
    double local = args.number("local_share", 0);
    if (!(local >= 0 && local <= 1)) {
      throw new IllegalArgumentException("GP: local_share=%s; must be 0..1".formatted(local));
    }
    boolean isLocal = local > 0 && maxTrials > 0;
    GpSampler usual = GpSampler.of(seed);
    return new GpSampler(
        args.integer("cold_start_num", usual.startup()),
        args.integer("candidates", usual.candidates()),
        args.integer("most", usual.most()),
        usual.start(),
        isLocal ? maxTrials - (int) Math.round(local * maxTrials) : GpSampler.NEVER);
  }

  private static Sampler forest(SpecArguments args, long seed) {
    ForestSampler usual = ForestSampler.of(seed);
    return new ForestSampler(
        args.integer("startup", usual.startup()),
        args.integer("trees", usual.trees()),
        args.number("random_fraction", usual.randomShare()),
        usual.start());
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

  /// {@return the sampler of a study that names none}
  public static MethodSpec defaultSampler() {
    return MethodSpec.of("Auto");
  }
}
