package io.kaseb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.Part;
import io.kaseb.logfile.Protocol.Border;
import io.kaseb.logfile.Protocol.Filter;
import io.kaseb.logfile.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each rule on tables of a few rows.
class SessionRulesTest {
  private static final long DAY = 86_400_000;

  private DuckDatabase database;
  private SessionRules rules;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    database = DuckDatabase.open(folder, new Resources("500MB", 1), Progress.NONE);
    database.run(
        "test",
        """
        CREATE TABLE events (part TINYINT, session INT, item INT, time BIGINT, row BIGINT,
          category VARCHAR, price DOUBLE)""");
    database.run("test", "CREATE TABLE session_ids (part TINYINT, id VARCHAR, session INT)");
    database.run(
        "test",
        """
        CREATE TABLE buys (session INT, item_id VARCHAR, time BIGINT, price DOUBLE,
          quantity BIGINT, row BIGINT)""");
    rules = new SessionRules(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /// Adds clicks in log order, each as `session item time`; session `n` is named `vn`.
  private void clicks(Part part, String... clicks) {
    TreeSet<String> sessions = new TreeSet<>();
    long row = database.number("SELECT count(*) FROM events");
    for (String click : clicks) {
      List<String> words = List.of(click.split(" ", -1));
      sessions.add(words.get(0));
      database.run(
          "test",
          "INSERT INTO events VALUES (%d, %s, %s, %s, %d, NULL, NULL)"
              .formatted(part.number(), words.get(0), words.get(1), words.get(2), row++));
    }
    for (String session : sessions) {
      database.run(
          "test",
          "INSERT INTO session_ids VALUES (%d, 'v%s', %s)"
              .formatted(part.number(), session, session));
    }
  }

  /// Returns what is left of a part in log order, each as `session item`.
  private List<String> left(Part part) {
    return database
        .rows(
            "SELECT session, item FROM events WHERE part = %d ORDER BY row"
                .formatted(part.number()))
        .stream()
        .map(row -> String.join(" ", row))
        .toList();
  }

  private static Filter filter(boolean repeats, int length, int support, boolean fixpoint) {
    return new Filter(repeats, length, support, fixpoint);
  }

  @Test
  void aLongPauseBeginsASession() {
    clicks(Part.TRAIN, "0 7 0", "1 7 500", "0 8 10000", "0 9 20001", "1 8 600");
    database.run("test", "INSERT INTO buys VALUES (0, 'a', 15000, NULL, NULL, 5)");
    database.run("test", "INSERT INTO buys VALUES (0, 'b', 20001, NULL, NULL, 6)");
    database.run("test", "INSERT INTO buys VALUES (0, 'c', -9, NULL, NULL, 7)");
    rules.cutAtGaps(10);
    // Ten seconds sharp are no long pause. New sessions are numbered by their place in the log.
    assertThat(left(Part.TRAIN)).containsExactly("0 7", "1 7", "0 8", "2 9", "1 8");
    assertThat(database.rows("SELECT session, id FROM session_ids ORDER BY session"))
        .containsExactly(List.of("0", "v0"), List.of("1", "v1"), List.of("2", "v0#2"));
    // A purchase before all clicks goes with the first part.
    assertThat(database.rows("SELECT session, item_id FROM buys ORDER BY row"))
        .containsExactly(List.of("0", "a"), List.of("2", "b"), List.of("0", "c"));
  }

  @Test
  void duplicatesAreCountedAndKept() {
    clicks(Part.TRAIN, "0 7 5", "0 7 5", "0 7 5", "0 8 5", "0 7 6", "1 7 5");
    assertThat(rules.countDuplicates()).isEqualTo(2);
    assertThat(left(Part.TRAIN)).hasSize(6);
  }

  @Test
  void clicksWithoutTimesAreNoDuplicates() {
    clicks(Part.TRAIN, "0 7 NULL", "0 7 NULL");
    assertThat(rules.countDuplicates()).isZero();
  }

  @Test
  void repeatsGoAndReturnsStay() {
    clicks(Part.TRAIN, "0 7 1", "0 7 2", "1 7 2", "0 7 3", "0 8 4", "0 7 5");
    rules.filter(filter(true, 1, 1, false));
    assertThat(left(Part.TRAIN)).containsExactly("0 7", "1 7", "0 8", "0 7");
  }

  @Test
  void repeatsAreSeenInTheOrderOfTime() {
    clicks(Part.TRAIN, "0 7 3", "0 8 2", "0 7 1", "0 7 4");
    rules.filter(filter(true, 1, 1, false));
    assertThat(left(Part.TRAIN)).containsExactly("0 7", "0 8", "0 7");
  }

  @Test
  void shortSessionsGoFromBothParts() {
    clicks(Part.TRAIN, "0 7 1", "1 7 1", "1 8 2");
    clicks(Part.TEST, "2 7 1", "3 7 1", "3 8 2");
    assertThat(rules.dropShortSessions(filter(false, 2, 1, false))).isEqualTo(2);
    assertThat(left(Part.TRAIN)).containsExactly("1 7", "1 8");
    assertThat(left(Part.TEST)).containsExactly("3 7", "3 8");
    assertThat(rules.dropShortSessions(filter(false, 1, 1, false))).isZero();
  }

  @Test
  void rareItemsGoFromTrainAlone() {
    clicks(Part.TRAIN, "0 7 1", "0 8 2", "1 7 1");
    clicks(Part.TEST, "2 7 1", "2 8 2", "2 9 3");
    rules.filter(filter(false, 1, 2, false));
    assertThat(left(Part.TRAIN)).containsExactly("0 7", "1 7");
    assertThat(left(Part.TEST)).containsExactly("2 7", "2 8", "2 9");
  }

  /// Session 0 loses its rare item, so it is short, so item 7 is rare, so session 1 is short.
  private void chain() {
    clicks(Part.TRAIN, "0 6 1", "0 7 2", "1 7 1", "1 8 2", "2 8 1", "2 9 2", "3 8 1", "3 9 2");
  }

  @Test
  void onePassLeavesWhatThePassMadeRare() {
    chain();
    rules.filter(filter(false, 2, 2, false));
    assertThat(left(Part.TRAIN)).containsExactly("1 7", "1 8", "2 8", "2 9", "3 8", "3 9");
  }

  @Test
  void theFixpointDoesNot() {
    chain();
    rules.filter(filter(false, 2, 2, true));
    assertThat(left(Part.TRAIN)).containsExactly("2 8", "2 9", "3 8", "3 9");
  }

  @Test
  void theLastDayBySessionEndTakesWholeSessions() {
    clicks(
        Part.TRAIN,
        "0 7 0",
        "1 7 " + (DAY - 1),
        "2 7 0",
        "2 8 " + DAY,
        "3 9 " + 2 * DAY,
        "0 8 " + (DAY - 1));
    rules.split(new Split.Days(1), Border.SESSION_END, 0);
    assertThat(left(Part.TRAIN)).containsExactly("0 7", "1 7", "0 8");
    assertThat(left(Part.TEST)).containsExactly("2 7", "2 8", "3 9");
  }

  @Test
  void theLastDayBySessionStartCutsWhatCrossesTheBorder() {
    clicks(
        Part.TRAIN,
        "0 7 0",
        "1 7 " + DAY,
        "2 7 0",
        "2 8 " + DAY,
        "3 9 " + 2 * DAY,
        "1 8 " + (DAY + 1));
    rules.split(new Split.Days(1), Border.SESSION_START_CUT, 0);
    assertThat(left(Part.TRAIN)).containsExactly("0 7", "2 7");
    assertThat(left(Part.TEST)).containsExactly("1 7", "3 9", "1 8");
  }

  @Test
  void aShareOfTheTimeIsTheSessionsThatBeginLast() {
    clicks(Part.TRAIN, "0 7 30", "1 7 10", "2 7 20", "3 7 20", "1 8 99");
    rules.split(new Split.Time(.5), Border.SESSION_END, 0);
    // Of equal starts the later place in the log is the later session.
    assertThat(left(Part.TRAIN)).containsExactly("1 7", "2 7", "1 8");
    assertThat(left(Part.TEST)).containsExactly("0 7", "3 7");
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0", "0.13, 1", "0.5, 2", "0.9, 4"})
  void aShareIsRounded(double share, int sessions) {
    clicks(Part.TRAIN, "0 7 1", "1 7 2", "2 7 3", "3 7 4");
    rules.split(new Split.Time(share), Border.SESSION_END, 0);
    assertThat(left(Part.TEST)).hasSize(sessions);
  }

  @Test
  void chanceGoesBySessionNameAndSeedAlone() {
    String[] clicks = new String[40];
    Arrays.setAll(clicks, i -> i + " 7 " + i);
    clicks(Part.TRAIN, clicks);
    rules.split(new Split.Random(.25), Border.SESSION_END, 5);
    List<String> first = left(Part.TEST);
    assertThat(first).hasSize(10);
    for (long seed : new long[] {5, 6}) {
      database.run("test", "UPDATE events SET part = 0, time = 100 - time");
      rules.split(new Split.Random(.25), Border.SESSION_END, seed);
      assertThat(left(Part.TEST).equals(first)).isEqualTo(seed == 5);
    }
  }

  @Test
  void noSplitAndATestFileChangeNothing() {
    clicks(Part.TRAIN, "0 7 1");
    clicks(Part.TEST, "1 8 2");
    rules.split(new Split.None(), Border.SESSION_END, 0);
    rules.split(new Split.TestFile(), Border.SESSION_START_CUT, 0);
    assertThat(left(Part.TRAIN)).containsExactly("0 7");
    assertThat(left(Part.TEST)).containsExactly("1 8");
  }

  @Test
  void testClicksOnUnseenItemsGo() {
    clicks(Part.TRAIN, "0 7 1", "0 6 2");
    clicks(Part.TEST, "1 8 2", "1 7 3", "1 8 4");
    assertThat(rules.dropUnseenTestItems()).isEqualTo(2);
    assertThat(left(Part.TRAIN)).hasSize(2);
    assertThat(left(Part.TEST)).containsExactly("1 7");
  }
}
