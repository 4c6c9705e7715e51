package io.kaseb.search;

import io.kaseb.compress.ModelForm;
import io.kaseb.trial.FormChoice;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.trial.Fidelity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a tuning experiment came to; `kaseb tune --json` writes it.
///
/// @param best the best trial
/// @param trials how many there are
/// @param seconds the experiment has run, interruptions not counted
/// @param goal name of the first goal
/// @param base the trial of the configuration that the experiment started from, null where the
///   space cannot say it or it has no result
/// @param states how many trials are in each state
/// @param cost what it cost
/// @param curve the first goal's best value after each trial that has one
/// @param rungs how well cheap results foretold dear ones
/// @param importance share of the variance that each parameter explains by itself, largest first
/// @param front with several goals, the trials that no other one beats in all
/// @param failures reasons of failed trials
/// @param confirmation what the winner is worth on the test part; null where that was not asked
/// @param warm what results of warm-started trials are worth; null where trials had none
/// @param reason why the search ended, where that is not its number of trials; else empty
/// @param nearest where no trial keeps all constraints, the one that breaks them by least
public record TuneFigures(
    @Nullable Best best,
    int trials,
    double seconds,
    String goal,
    @Nullable Best base,
    Map<String, Integer> states,
    Cost cost,
    List<Point> curve,
    List<Fidelity> rungs,
    Map<String, Double> importance,
    List<Best> front,
    List<String> failures,
    @Nullable TuneConfirmation confirmation,
    @Nullable WarmStartCheck warm,
    String reason,
    @Nullable NearMiss nearest) {
  /// A trial that breaks a constraint.
  ///
  /// @param trial its result
  /// @param excess by how much it breaks each constraint that it does not keep for certain, two
  ///   standard errors added where it is about a measured time; by the constraint's text
  public record NearMiss(Best trial, Map<String, Double> excess) {}

  /// A trial with a result.
  ///
  /// @param trial its id
  /// @param metric the first goal's value
  /// @param mean which trials of these parameters the values are the mean of, as in `mean of trials
  ///   3, 41`; empty where there is one
  /// @param parameters its parameters, by name
  /// @param step the step at which the first goal was best
  /// @param values all goals' values by name
  /// @param errors the standard errors of those values that are measured times or means, by name
  /// @param bounded what each constraint is about, by the constraint's text; none where that was
  ///   not measured
  public record Best(
      int trial,
      double metric,
      String mean,
      Map<String, Object> parameters,
      int step,
      Map<String, Double> values,
      Map<String, Double> errors,
      Map<String, Bounded> bounded) {
    /// Returns the form of the model that its results are those of, which `export` makes of the
    /// trained model.
    public ModelForm form() {
      return FormChoice.of(new Parameters(parameters));
    }
  }

  /// What a constraint is about, as a trial has it.
  ///
  /// @param value in its unit
  /// @param error its standard error; 0 for what is no measured time
  public record Bounded(double value, double error) {}

  /// What an experiment cost.
  ///
  /// @param steps steps that trials made (epochs)
  /// @param fullSteps steps of as many full trials
  /// @param trialSeconds time that workers spent
  /// @param fullTrialSeconds estimated from each trial's own time for a step
  public record Cost(long steps, long fullSteps, double trialSeconds, double fullTrialSeconds) {}

  /// The best value so far.
  ///
  /// @param trials trials with a result
  /// @param best the best of them
  public record Point(int trials, double best) {}
}
