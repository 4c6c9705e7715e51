package io.kaseb.pipeline;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Progress;
import io.kaseb.data.LabelledSessions;
import io.kaseb.duckdb.Resources;
import io.kaseb.ingest.ClickLog;
import io.kaseb.intent.IntentForecast;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.Payoff;
import io.kaseb.intentfit.Examples;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers the RecSys Challenge 2015: names the sessions of a click log that will buy, with the
/// items that they will buy.
public final class Answers {
  private static final int CHUNK = 1_000;

  /// What was answered.
  ///
  /// @param sessions sessions of the log
  /// @param sessionsSubmitted sessions named as buyers
  /// @param expected their expected worth in all: the score to expect, or the shop's gain
  /// @param seconds wall-clock time
  public record Figures(int sessions, int sessionsSubmitted, double expected, double seconds) {}

  private Answers() {}

  /// Returns the line of an answer, without its end: `session;item,item,...`, ids with a delimiter
  /// or a quotation mark quoted.
  public static String line(String session, List<String> items) {
    String line = AnswerFile.line(session, items);
    return line.substring(0, line.length() - 1);
  }

  /// Writes a line `session;item,item,...` for each session whose expected worth is positive, in
  /// the order in which sessions start, likeliest item first.
  ///
  /// @param costs a shop's own costs, or null for the challenge's score with the buyer share of the
  ///   training period
  public static Figures write(
      ForecastInput input,
      Path out,
      Payoff.@Nullable Costs costs,
      Resources resources,
      Progress progress)
      throws IOException {
    IntentModel intent = input.purchases().model();
    Payoff payoff = costs == null ? new Payoff.Challenge(intent.buyerShare()) : costs;
    ClickLog log = input.log();
    Examples examples = examples(intent, log.labelled());
    int n = examples.count();
    int[] submitted = {0};
    double[] expected = {0};
    AtomicFiles.write(
        out,
        path -> {
          try (BufferedWriter writer = Files.newBufferedWriter(path)) {
            resources
                .workers()
                .<Part>inOrder(
                    (n + CHUNK - 1) / CHUNK,
                    c -> part(intent, examples, log, payoff, c * CHUNK),
                    part -> {
                      writer.write(part.lines());
                      submitted[0] += part.submitted();
                      expected[0] += part.expected();
                      progress.at("forecasting purchases", part.to(), n, "sessions");
                    });
          }
        });
    return new Figures(n, submitted[0], expected[0], input.seconds());
  }

  /// Times of day mean to the model what they meant in its training.
  private static Examples examples(IntentModel intent, LabelledSessions log) {
    LabelledSessions labelled =
        new LabelledSessions(
            log.sessions(),
            log.signals(),
            log.categories(),
            log.categoryNames(),
            log.purchases(),
            intent.realTimes(),
            log.index());
    return Examples.of(intent, labelled, log.index());
  }

  /// The answers to some sessions, `to` (exclusive) being where the next ones begin.
  private record Part(int to, String lines, int submitted, double expected) {}

  private static Part part(
      IntentModel model, Examples examples, ClickLog log, Payoff payoff, int from) {
    int to = Math.min(examples.count(), from + CHUNK);
    StringBuilder lines = new StringBuilder();
    IntentState session = model.newSession();
    int submitted = 0;
    double expected = 0;
    for (int s = from; s < to; s++) {
      examples.follow(s, session, () -> {});
      double buys = model.buys(session, model.kind(), true);
      if (!payoff.pays(buys, 1)) {
        continue; // not even with all items right
      }
      IntentForecast forecast = model.forecast(session, true);
      double worth = payoff.expected(forecast.buys(), forecast.set().expectedJaccard());
      if (worth > 0) {
        submitted++;
        expected += worth;
        List<String> items = new ArrayList<>();
        for (int i : forecast.set().items()) {
          items.add(log.itemIds().get(session.key(i)));
        }
        lines.append(AnswerFile.line(log.sessionIds().get(s), items));
      }
    }
    return new Part(to, lines.toString(), submitted, expected);
  }
}
