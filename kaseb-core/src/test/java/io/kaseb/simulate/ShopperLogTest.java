package io.kaseb.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.duckdb.DuckDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShopperLogTest {
  private static final int SESSIONS = 60_000;

  @TempDir private static Path folder;

  private DuckDatabase database;
  private ShopperLog.Summary summary;

  @BeforeAll
  void simulate() throws IOException {
    summary = ShopperLog.write(new SimulatorConfig(SESSIONS, 3, 2), folder, Progress.NONE);
    database = DuckDatabase.inMemory(Workers.of(2));
    database.run(
        "test",
        "CREATE TABLE e AS SELECT *, row_number() OVER () AS row FROM read_csv(%s, header = true)"
            .formatted(DuckDatabase.text(folder.resolve(ShopperLog.EVENTS))));
    database.run(
        "test",
        """
        CREATE TABLE s AS SELECT session, any_value(user) AS user, min(time) AS start, max(time) AS stop,
          any_value(device) AS device, bool_or(type = 'cart') AS carts, bool_or(type = 'search') AS searches,
          bool_or(type = 'remove') AS removes, bool_or(type = 'purchase') AS buys,
          count(*) FILTER (type = 'view') AS clicks, any_value(probability) AS truth
        FROM e JOIN %s t USING (session) GROUP BY session"""
            .formatted(DuckDatabase.file(folder.resolve(Simulator.TRUTH))));
    database.run(
        "test",
        """
        ALTER TABLE s ADD COLUMN known BOOLEAN;
        UPDATE s SET known = session > (SELECT min(session) FROM s o WHERE o.user = s.user)""");
  }

  @AfterAll
  void close() {
    database.close();
  }

  private double value(String sql) {
    return Double.parseDouble(database.rows(sql).getFirst().getFirst());
  }

  private double share(String condition) {
    return value("SELECT avg((" + condition + ")::INT) FROM s");
  }

  /// Returns the buy rate of some sessions over that of the others.
  private double lift(String condition) {
    return value(
        "SELECT avg(buys::INT) FILTER (%1$s) / avg(buys::INT) FILTER (NOT %1$s) FROM s"
            .formatted(condition));
  }

  @Test
  void cartsFollowThePublishedFigures() {
    assertThat(share("buys")).isCloseTo(YoochooseFacts.BUY_RATE, within(.003));
    assertThat(share("carts")).isCloseTo(ShopperFacts.WITH_CART, within(.006));
    assertThat(value("SELECT avg((NOT buys)::INT) FROM s WHERE carts"))
        .isCloseTo(ShopperFacts.ABANDONED, within(.02));
    assertThat(
            value(
                "SELECT count(*) FILTER (type = 'remove') / count(*) FILTER (type = 'cart') FROM e"))
        .isCloseTo(ShopperFacts.REMOVED, within(.03));
  }

  @Test
  void clicksFollowTheOriginal() {
    assertThat(value("SELECT avg(clicks) FROM s"))
        .isCloseTo(YoochooseFacts.MEAN_CLICKS, within(.1));
    assertThat(share("clicks = 1")).isCloseTo(YoochooseFacts.lengths()[0], within(.01));
    assertThat(share("clicks = 2")).isCloseTo(YoochooseFacts.lengths()[1], within(.01));
  }

  @Test
  void devicesFollowThePublishedFigures() {
    for (int d = 0; d < ShopperFacts.DEVICES.size(); d++) {
      String is = "device = '" + ShopperFacts.DEVICES.get(d) + "'";
      assertThat(share(is)).isCloseTo(ShopperFacts.deviceShares()[d], within(.01));
      double rate = value("SELECT avg(buys::INT) FROM s WHERE " + is) / share("buys");
      double isOff = d < 2 ? .08 : .4; // few come by tablet
      assertThat(rate).isCloseTo(ShopperFacts.deviceRates()[d], within(isOff));
    }
  }

  @Test
  void visitorsComeBack() {
    assertThat(share("known")).isCloseTo(ShopperFacts.RETURNING, within(.02));
    assertThat(lift("known")).isCloseTo(ShopperFacts.RETURNING_RATE, within(.2));
    assertThat(
            value(
                "SELECT count(*) FROM s JOIN s o ON o.user = s.user AND o.session < s.session AND o.stop >= s.start"))
        .isZero();
    assertThat(summary.visitors()).isEqualTo((long) value("SELECT count(DISTINCT user) FROM s"));
  }

  @Test
  void searchesHaveWordsAndLeadToAnItem() {
    assertThat(share("searches")).isCloseTo(ShopperFacts.WITH_SEARCH, within(.02));
    assertThat(lift("searches")).isCloseTo(ShopperFacts.SEARCH_RATE, within(.25));
    assertThat(
            value(
                "SELECT count(*) FROM e WHERE (type = 'search') <> (query IS NOT NULL) OR (type = 'search') <> (item IS NULL)"))
        .isZero();
    assertThat(
            value(
                """
                SELECT avg(contains(query, next)::INT) FROM (
                  SELECT type, query, lead(category) OVER (PARTITION BY session ORDER BY row) AS next FROM e)
                WHERE type = 'search'"""))
        .isEqualTo(1);
  }

  @Test
  void newItemsAppearLate() {
    database.run(
        "test",
        """
        CREATE TABLE v AS SELECT item, time, min(time) OVER (PARTITION BY item) AS first,
          (SELECT quantile_cont(start, .8) FROM s) AS border FROM e WHERE type = 'view'""");
    assertThat(
            value(
                """
                SELECT avg((first > TIMESTAMP '2014-05-01')::INT)
                FROM (SELECT DISTINCT ON (item) first FROM v WHERE item IN
                  (SELECT item FROM v GROUP BY item HAVING count(*) > 20))"""))
        .isBetween(.08, .2);
    assertThat(value("SELECT avg((first >= border)::INT) FROM v WHERE time >= border"))
        .isBetween(.01, .05);
  }

  @Test
  void eventsOfASessionAreInOrderAndMakeSense() {
    assertThat(
            value(
                """
                SELECT count(*) FROM (
                  SELECT time, type, lag(time) OVER w AS before, lag(type) OVER w AS last FROM e
                  WINDOW w AS (PARTITION BY session ORDER BY row))
                WHERE before > time OR last = 'purchase' AND type <> 'purchase'"""))
        .isZero();
    assertThat(
            value(
                """
                SELECT count(*) FROM (
                  SELECT type, sum(CASE type WHEN 'cart' THEN 1 WHEN 'remove' THEN -1 ELSE 0 END)
                    OVER (PARTITION BY session, item ORDER BY row) AS held
                  FROM e WHERE type IN ('cart', 'remove'))
                WHERE held NOT IN (0, 1)"""))
        .isZero();
    assertThat(
            value(
                "SELECT count(*) FROM e WHERE type IN ('cart', 'purchase') AND NOT EXISTS (FROM e v WHERE v.session = e.session AND v.item = e.item AND v.type = 'view' AND v.row < e.row)"))
        .isZero();
    assertThat(summary.events())
        .containsOnlyKeys("view", "cart", "remove", "search", "purchase")
        .containsEntry("cart", (long) value("SELECT count(*) FROM e WHERE type = 'cart'"));
  }

  /// In every group the mean truth is the share of buyers, within three standard errors.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "carts",
        "NOT carts",
        "removes",
        "searches",
        "NOT searches",
        "known",
        "NOT known",
        "device = 'phone'",
        "device = 'desktop'",
        "clicks <= 2",
        "clicks > 6",
        "truth < .02",
        "truth BETWEEN .02 AND .2",
        "truth BETWEEN .2 AND .5",
        "truth > .5"
      })
  void truthIsCalibrated(String group) {
    List<String> row =
        database
            .rows(
                "SELECT avg(truth), avg(buys::INT), sqrt(sum(truth * (1 - truth))) / count(*) FROM s WHERE "
                    + group)
            .getFirst();
    double error = Double.parseDouble(row.get(2));
    assertThat(Double.parseDouble(row.get(0)))
        .isCloseTo(Double.parseDouble(row.get(1)), within(3 * error));
  }

  @Test
  void truthOfItemsIsCalibrated() {
    database.run(
        "test",
        """
        CREATE TABLE i AS SELECT t.session, t.item, t.probability AS truth,
          EXISTS (FROM e WHERE e.session = t.session AND e.item = t.item AND type = 'purchase') AS bought,
          coalesce((SELECT sum(CASE type WHEN 'cart' THEN 1 ELSE -1 END) FROM e
            WHERE e.session = t.session AND e.item = t.item AND type IN ('cart', 'remove')), 0) AS held
        FROM %s t JOIN s USING (session) WHERE s.buys"""
            .formatted(DuckDatabase.file(folder.resolve(Simulator.TRUTH_ITEMS))));
    for (int held = 0; held < 2; held++) {
      String sql = " FROM i WHERE held = " + held;
      assertThat(value("SELECT avg(truth)" + sql))
          .isCloseTo(value("SELECT avg(bought::INT)" + sql), within(.025));
    }
    assertThat(value("SELECT avg(bought::INT) FROM i WHERE held = 1")).isGreaterThan(.85);
  }

  @Test
  void sameSeedGivesTheSameBytesWhateverTheThreads() throws IOException {
    Path one = folder.resolve("one");
    Path three = folder.resolve("three");
    Path other = folder.resolve("other");
    ShopperLog.write(new SimulatorConfig(20_000, 9, 1), one, Progress.NONE);
    ShopperLog.write(new SimulatorConfig(20_000, 9, 3), three, Progress.NONE);
    ShopperLog.write(new SimulatorConfig(20_000, 10, 1), other, Progress.NONE);
    for (String file :
        List.of(ShopperLog.EVENTS, Simulator.TRUTH, Simulator.TRUTH_ITEMS, Simulator.README)) {
      assertThat(Files.mismatch(one.resolve(file), three.resolve(file))).as(file).isEqualTo(-1);
      assertThat(Files.mismatch(one.resolve(file), other.resolve(file))).as(file).isNotEqualTo(-1);
    }
  }
}
