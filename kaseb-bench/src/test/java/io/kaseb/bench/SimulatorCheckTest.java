package io.kaseb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.baseline.Markov;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluator;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorCheckTest {
  @Test
  void earlierClicksTellMoreThanTheLastOne(@TempDir Path folder) throws IOException {
    Simulator.write(new SimulatorConfig(60_000, 4, 2), folder, Progress.NONE);
    Path clicks = folder.resolve(Simulator.CLICKS);
    try (LogFigures log = LogFigures.open(clicks, folder.resolve(Simulator.BUYS), Workers.of(2))) {
      Sessions all = log.rsc15();
      int cut = all.count() * 97 / 100;
      Sessions train = all.slice(0, cut);
      Sessions test = all.slice(cut, all.count());
      int items = IntStream.of(all.items()).max().orElse(0) + 1;
      Catalogue catalogue =
          Catalogue.of(IntStream.range(0, items).mapToObj(Integer::toString).toList());
      NextItemModel markov = Markov.of(catalogue, train);
      double first = recall(markov, train, test);
      double session = recall(new WholeSession(markov), train, test);
      assertThat(first).isBetween(.5, .65);
      assertThat(session).isGreaterThan(first + .08);
    }
  }

  @Test
  void checkReportsEveryFigure(@TempDir Path folder) throws IOException {
    SimulatorCheck.Result result =
        SimulatorCheck.run(new SimulatorConfig(5_000, 1, 2), folder, Progress.NONE);
    assertThat(result.rows()).hasSize(120);
    assertThat(result.sessionsPerSecond()).isPositive();
    assertThat(SimulatorCheck.describe(result))
        .contains("immediate repeats")
        .contains("Markov recall@20")
        .contains("simulated data");
  }

  private static double recall(NextItemModel model, Sessions train, Sessions test) {
    return Evaluator.evaluate(
            Forecaster.of(model),
            test,
            train.itemCounts(model.catalogue().size()),
            EvalConfig.defaults(),
            Progress.NONE)
        .metric("recall@20");
  }

  /// Adds up what the Markov chain says after each click of the session.
  private record WholeSession(NextItemModel markov) implements NextItemModel {
    @Override
    public String name() {
      return "whole-session";
    }

    @Override
    public Catalogue catalogue() {
      return markov.catalogue();
    }

    @Override
    public SessionState newSession() {
      return new SessionState(0, 200);
    }

    @Override
    public void click(SessionState state, int item) {
      state.add(item);
    }

    @Override
    public void scores(SessionState[] states, int n, float[][] out) {
      float[][] row = new float[1][catalogue().size()];
      for (int i = 0; i < n; i++) {
        Arrays.fill(out[i], 0);
        for (int back = 0; back < states[i].remembered(); back++) {
          SessionState last = markov.newSession();
          markov.click(last, states[i].recent(back));
          markov.scores(new SessionState[] {last}, 1, row);
          float sum = 0;
          for (float score : row[0]) {
            sum += score;
          }
          for (int k = 0; k < row[0].length; k++) {
            out[i][k] += (float) Math.log1p(1000 * row[0][k] / (sum + 50));
          }
        }
      }
    }
  }
}
