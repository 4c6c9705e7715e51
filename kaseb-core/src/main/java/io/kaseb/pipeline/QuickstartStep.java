package io.kaseb.pipeline;

import io.kaseb.logfile.Split;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A step of [Quickstart], with what it takes and what it writes; whoever shows it says by which
/// command it is made.
public sealed interface QuickstartStep {
  /// A log is simulated.
  ///
  /// @param sessions those of the challenge's test apart
  /// @param seed fixes everything random
  /// @param log the log's folder
  record Simulate(long sessions, long seed, Path log) implements QuickstartStep {}

  /// The log becomes a dataset, in place of an earlier one.
  ///
  /// @param format the log's format
  record Prepare(String format, Path clicks, Path buys, Split split, Path dataset)
      implements QuickstartStep {}

  /// A log of everything that shoppers do is simulated.
  ///
  /// @param seed fixes everything random
  /// @param log the log's folder
  record SimulateEvents(long sessions, long seed, Path log) implements QuickstartStep {}

  /// That log becomes a dataset, in place of an earlier one.
  ///
  /// @param columns roles and their columns
  /// @param attributes what else is read
  /// @param protocol rules of preparation
  record PrepareEvents(
      Path events, String columns, String attributes, String protocol, Split split, Path dataset)
      implements QuickstartStep {}

  /// The model is served, with the report and the dataset's sessions on the pages.
  ///
  /// @param report JSON file of the figures
  record Serve(Path model, Path dataset, Path report) implements QuickstartStep {}

  /// A model is trained.
  ///
  /// @param valid share of the sessions that is held back
  /// @param seed fixes everything random
  /// @param settings as in [Quickstart#changes]
  record Train(Path dataset, Path model, double valid, long seed, Map<String, String> settings)
      implements QuickstartStep {}

  /// The model is measured beside baselines.
  ///
  /// @param page the report's file
  record Evaluate(Path model, Path dataset, Path page) implements QuickstartStep {}

  /// Sessions are answered.
  ///
  /// @param next how many next items each session gets; null for the purchases instead
  record Forecast(Path model, Path clicks, @Nullable Integer next, Path answers)
      implements QuickstartStep {}

  /// Purchase answers can be scored; left to the user.
  ///
  /// @param buys what was bought in truth
  record Score(Path answers, Path clicks, Path buys) implements QuickstartStep {}
}
