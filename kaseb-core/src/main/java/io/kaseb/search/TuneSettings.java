package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import io.kaseb.store.ExperimentFile;
import io.kaseb.store.SpaceFile;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Goal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a study's settings of what the user wants and what the space's file says; where both
/// speak, the user wins.
final class TuneSettings {
  /// How many segments a deterministic experiment looks past, and so its workers at most.
  private static final int LAG = 8;

  /// Steps of a full trial where a step is a share of the sessions.
  private static final int SHARES = 9;

  private static final int TRIALS = 60;

  private TuneSettings() {}

  /// Returns an experiment's settings, and the keys of NNI's file that mean nothing here.
  ///
  /// @param datasetHash hash of the options' dataset
  static ExperimentFile.Read of(Tune.Options options, String datasetHash) throws IOException {
    TunePlan plan = TunePlan.of(options, datasetHash, concurrency(options));
    List<Goal> goals = plan.goalList().stream().map(TuneGoal::goal).toList();
    int budget = plan.byEpochs() ? options.subject().base().config().nEpochs() : SHARES;
    Path space = options.subject().space();
    // Once: it may be a pipe.
    String text = space == null ? null : TextFiles.read(space);
    ExperimentFile.Read read =
        space != null && text != null && ExperimentFile.isOne(space.toString(), text)
            ? ofExperiment(space, text, goals.getFirst(), budget)
            : ofSpace(options, text, plan, goals, budget);
    Settings settings = overridden(read.settings(), options, goals);
    check(settings, options.search());
    return new ExperimentFile.Read(settings, read.ignored());
  }

  private static int concurrency(Tune.Options options) {
    Integer wanted = options.search().concurrency();
    return wanted == null ? Math.clamp(options.threads(), 1, LAG) : wanted;
  }

  private static ExperimentFile.Read ofExperiment(Path file, String text, Goal goal, int budget)
      throws IOException {
    ExperimentFile.Read read = ExperimentFile.of(file, text, goal, budget);
    if (!read.settings().goals().getFirst().equals(goal)) {
      throw new KasebException(
          file + ": optimize_mode turns " + goal.name() + " round; leave it out");
    }
    return read;
  }

  private static ExperimentFile.Read ofSpace(
      Tune.Options options, @Nullable String text, TunePlan plan, List<Goal> goals, int budget) {
    Path file = options.subject().space();
    Space space =
        file == null || text == null
            ? TuneSpace.usual(plan.purchases(), plan.uses(TuneGoal.MODEL_BYTES))
            : SpaceFile.of(file.toString(), text);
    Settings settings =
        Settings.of(space, goals.toArray(Goal[]::new))
            .withBudget(budget)
            .withMaxTrials(TRIALS)
            .withConcurrency(concurrency(options))
            .withMethod(MethodSpec.of("Auto"), MethodSpec.of(budget > 1 ? "ASHA" : "None"));
    return new ExperimentFile.Read(settings, List.of());
  }

  private static Settings overridden(Settings settings, Tune.Options options, List<Goal> goals) {
    Tune.Search search = options.search();
    Settings.Limits limits = settings.limits();
    try {
      return new Settings(
          options.out().toAbsolutePath().normalize().getFileName().toString(),
          settings.space(),
          goals,
          or(search.sampler(), settings.sampler()),
          or(search.pruner(), settings.pruner()),
          or(search.concurrency(), settings.concurrency()),
          or(search.trials(), settings.maxTrials()),
          settings.budget(),
          options.subject().base().config().seed(),
          search.deterministic() ? LAG : 0,
          search.seconds() == null
              ? limits
              : new Settings.Limits(search.seconds(), limits.trial()));
    } catch (IllegalArgumentException e) {
      throw KasebException.at("tune", e);
    }
  }

  private static <T> T or(@Nullable T wanted, T otherwise) {
    return wanted == null ? otherwise : wanted;
  }

  private static void check(Settings settings, Tune.Search search) {
    if (search.deterministic() && settings.concurrency() > LAG) {
      throw KasebException.ofSetting(
          "concurrency",
          settings.concurrency(),
          "1.." + LAG + " with " + KasebException.setting("deterministic"));
    }
    if (search.warmCheck() != null && search.deterministic()) {
      throw apart(
          KasebException.setting("deterministic"),
          "which trial is nearest depends on the workers' speed");
    }
    if (search.warmCheck() != null && settings.method().copiesTrials()) {
      throw apart(
          KasebException.setting("sampler", "PBT"),
          "its trials start from other trials' weights already");
    }
  }

  private static KasebException apart(String other, String why) {
    return new KasebException(
        new KasebException.Problem(
            KasebException.setting("warm_start") + " with " + other,
            null,
            null,
            why + "; leave one of them out"));
  }
}
