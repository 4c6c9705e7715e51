package io.kaseb.pipeline;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.DelimitedText;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.OpenDataset;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intentfit.Examples;
import io.kaseb.model.ModelFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Writes, for statistics made elsewhere, what a model forecasts for each test session: two models
/// of different datasets can be compared session by session.
public final class SessionScores {
  private static final int CHUNK = 500;

  private final OpenDataset dataset;
  private final PurchaseForecaster forecaster;
  private final Workers workers;

  private SessionScores(OpenDataset dataset, PurchaseForecaster forecaster, Workers workers) {
    this.dataset = dataset;
    this.forecaster = forecaster;
    this.workers = workers;
  }

  /// Writes CSV with the columns `session, goal, events, probability, reached`: in the live view,
  /// for each goal and each test session with an event before it, in the dataset's order, how many
  /// events those are, the probability of the goal once all are seen, and whether (1 or 0) it came.
  ///
  /// @throws KasebException where the model has no purchase forecast
  public static void write(Path model, Path dataset, Path out, Workers workers, Progress progress)
      throws IOException {
    PurchaseForecaster forecaster = PurchaseForecaster.of(ModelFile.read(model));
    if (forecaster == null) {
      throw new KasebException(
          new KasebException.Problem(
              model.toString(),
              "has no purchase forecast, so there are no scores to write",
              null,
              "train it on a dataset with purchases"));
    }
    OpenDataset open = OpenDataset.of(dataset, workers);
    open.withTest();
    new SessionScores(open, forecaster, workers).writeTo(out, progress);
  }

  private void writeTo(Path out, Progress progress) throws IOException {
    List<String> ids = ids();
    AtomicFiles.write(
        out,
        path -> {
          try (BufferedWriter writer = Files.newBufferedWriter(path)) {
            writer.write("session,goal,events,probability,reached\n");
            for (var goal : forecaster.goals().entrySet()) {
              LabelledSessions sessions = sessions(goal.getKey());
              if (sessions != null) {
                write(writer, goal.getKey(), ids, goal.getValue(), sessions, progress);
              }
            }
          }
        });
  }

  /// Returns the sessions before a goal, or null where the log does not know it.
  private @Nullable LabelledSessions sessions(String goal) {
    LabelledSessions test = dataset.labelledTest();
    if (goal.equals(PurchaseEvaluation.PURCHASE)) {
      return test.live();
    }
    int action = test.signals().names().number(goal);
    return action < 0 ? null : test.forGoal(action).live();
  }

  private void write(
      BufferedWriter writer,
      String goal,
      List<String> ids,
      IntentModel model,
      LabelledSessions sessions,
      Progress progress)
      throws IOException {
    int[] numbers = dataset.dataset().catalogue().indicesIn(forecaster.catalogue());
    Examples examples = Examples.of(model, sessions, numbers);
    int[] used =
        IntStream.range(0, examples.count())
            .filter(s -> examples.labelled().sessions().length(s) > 0)
            .toArray();
    double[] chances = new double[used.length];
    AtomicInteger done = new AtomicInteger();
    workers.forRanges(
        used.length,
        CHUNK,
        (from, to) -> {
          IntentState state = model.newSession();
          for (int i = from; i < to; i++) {
            examples.follow(used[i], state, () -> {});
            chances[i] = model.buys(state, model.kind(), true);
          }
          progress.at("scoring sessions", done.addAndGet(to - from), used.length, "sessions");
        });
    for (int i = 0; i < used.length; i++) {
      boolean reached = examples.labelled().purchases().any(used[i]);
      String events = Integer.toString(examples.labelled().sessions().length(used[i]));
      writer.write(
          DelimitedText.line(
                  ',',
                  Arrays.asList(
                      ids.get(used[i]),
                      goal,
                      events,
                      Double.toString(chances[i]),
                      reached ? "1" : "0"))
              + "\n");
    }
  }

  private List<String> ids() {
    Path file = dataset.folder().resolve("test").resolve("sessions.parquet");
    try (DuckDatabase database = DuckDatabase.inMemory(workers)) {
      return database.texts(
          "SELECT id::VARCHAR FROM read_parquet(%s) ORDER BY session"
              .formatted(DuckDatabase.file(file)));
    } catch (SQLException e) {
      throw new KasebException(file + ": cannot be read: " + DuckDatabase.whatIsWrong(e), e);
    }
  }
}
