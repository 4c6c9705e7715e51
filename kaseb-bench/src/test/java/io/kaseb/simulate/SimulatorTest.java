package io.kaseb.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.bench.LogFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorTest {
  private static final List<String> FILES =
      List.of(
          Simulator.CLICKS,
          Simulator.BUYS,
          Simulator.TEST_CLICKS,
          Simulator.TEST_BUYS,
          Simulator.TRUTH,
          Simulator.TRUTH_ITEMS,
          Simulator.README);

  @TempDir private Path folder = Path.of("");

  @Test
  void figuresAreThoseOfTheOriginal() throws IOException {
    Simulator.write(new SimulatorConfig(40_000, 5, 2), folder, Progress.NONE);
    for (String part : List.of(Simulator.CLICKS, Simulator.TEST_CLICKS)) {
      Path buys =
          folder.resolve(part.equals(Simulator.CLICKS) ? Simulator.BUYS : Simulator.TEST_BUYS);
      try (LogFigures log = LogFigures.open(folder.resolve(part), buys, Workers.of(2))) {
        assertThat(log.figures())
            .hasSizeGreaterThan(100)
            .allSatisfy(figure -> assertThat(figure.isOk(3.5)).as(figure.toString()).isTrue());
      }
    }
  }

  @Test
  void aFigureThatIsOffIsSeen() {
    assertThat(new LogFigures.Figure("share", .5, .52, true, 0).isOk(0)).isTrue();
    assertThat(new LogFigures.Figure("share", .5, .53, true, 0).isOk(0)).isFalse();
    assertThat(new LogFigures.Figure("share", .01, .0129, true, 0).isOk(0)).isTrue();
    assertThat(new LogFigures.Figure("mean", 100, 106, false, 1).isOk(0)).isFalse();
    assertThat(new LogFigures.Figure("mean", 100, 106, false, 1).isOk(2)).isTrue();
  }

  @Test
  void sameSeedGivesTheSameBytesWhateverTheThreads() throws IOException {
    Path one = folder.resolve("one");
    Path three = folder.resolve("three");
    Path other = folder.resolve("other");
    Simulator.write(new SimulatorConfig(20_000, 9, 1), one, Progress.NONE);
    Simulator.write(new SimulatorConfig(20_000, 9, 3), three, Progress.NONE);
    Simulator.write(new SimulatorConfig(20_000, 10, 1), other, Progress.NONE);
    for (String file : FILES) {
      assertThat(Files.mismatch(one.resolve(file), three.resolve(file))).as(file).isEqualTo(-1);
      assertThat(Files.mismatch(one.resolve(file), other.resolve(file))).as(file).isNotEqualTo(-1);
    }
  }

  @Test
  void filesLookLikeTheOriginals() throws IOException {
    SimulatorConfig config = new SimulatorConfig(1_000, 1, 2);
    Simulator.write(config, folder, Progress.NONE);
    String row = "\\d+,2014-(0[4-9]|10)-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z,21\\d{7},";
    assertThat(Files.readAllLines(folder.resolve(Simulator.CLICKS)))
        .allMatch(line -> line.matches(row + "(S|\\d+)"));
    assertThat(Files.readAllLines(folder.resolve(Simulator.BUYS)))
        .isNotEmpty()
        .allMatch(line -> line.matches(row + "\\d+,\\d+"));
    Set<String> train = sessions(Simulator.CLICKS);
    Set<String> test = sessions(Simulator.TEST_CLICKS);
    assertThat(train).hasSize(1_000).containsAll(sessions(Simulator.BUYS));
    assertThat(test).hasSize(250).containsAll(sessions(Simulator.TEST_BUYS));
    assertThat(train).doesNotContainAnyElementsOf(test);
    assertThat(Files.readString(folder.resolve(Simulator.README)))
        .contains("no real shop")
        .contains("a simulation of 1000 sessions with the seed 1");
  }

  @Test
  void trueProbabilitiesAreCalibratedAndTellBuyersFromOthers() throws IOException, SQLException {
    Simulator.write(new SimulatorConfig(40_000, 2, 2), folder, Progress.NONE);
    String sql =
        """
        SELECT avg(probability), avg(probability) FILTER (buys), avg(probability) FILTER (NOT buys),
          sum(buys::INT) FILTER (probability > .2) / sum(probability) FILTER (probability > .2),
          count(*)
        FROM (SELECT probability, session IN (SELECT column0 FROM read_csv('%1$s/yoochoose*buys.dat', header = false)) AS buys
          FROM '%1$s/truth.parquet')
        """
            .formatted(folder);
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      assertThat(row.getDouble(1)).isCloseTo(YoochooseFacts.BUY_RATE, within(.003));
      assertThat(row.getDouble(2)).isGreaterThan(3 * row.getDouble(3));
      assertThat(row.getDouble(4)).isCloseTo(1, within(.1));
      assertThat(row.getLong(5)).isEqualTo(50_000);
    }
  }

  @Test
  void catalogueGrowsWithTheLog() {
    assertThat(new SimulatorConfig(9_249_729, 1, 1).items()).isEqualTo(54_287);
    assertThat(new SimulatorConfig(9_249_729, 1, 1).testSessions()).isEqualTo(2_312_432);
    assertThat(new SimulatorConfig(500_000, 1, 1).items()).isBetween(9_000, 10_000);
    assertThat(new SimulatorConfig(100, 1, 1).items()).isEqualTo(400);
  }

  @Test
  void impossibleSizesAreErrors() {
    assertThatThrownBy(() -> new SimulatorConfig(99, 1, 1))
        .isInstanceOf(KasebException.class)
        .hasMessage("sessions=99: must be 100..100000000");
    assertThatThrownBy(() -> new SimulatorConfig(100, 1, 0)).isInstanceOf(KasebException.class);
  }

  private Set<String> sessions(String file) throws IOException {
    Set<String> ids = new HashSet<>();
    for (String line : Files.readAllLines(folder.resolve(file))) {
      ids.add(line.substring(0, line.indexOf(',')));
    }
    return ids;
  }
}
