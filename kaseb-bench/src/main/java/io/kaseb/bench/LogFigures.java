package io.kaseb.bench;

import io.kaseb.base.Workers;
import io.kaseb.model.Sessions;
import io.kaseb.simulate.YoochooseFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures a log in the YOOCHOOSE format and sets each figure beside the original's
/// ([YoochooseFacts]): whether a simulated log is like the real one.
public final class LogFigures implements AutoCloseable {
  @SuppressWarnings("InlineFormatString") // apart, to be read as SQL
  private static final String TABLES =
      """
      CREATE TABLE clicks AS SELECT *, row_number() OVER () AS line FROM read_csv('%s',
        header = false, columns = {'session': 'BIGINT', 'time': 'TIMESTAMP', 'item': 'INTEGER',
        'category': 'VARCHAR'});
      CREATE TABLE buys AS SELECT * FROM read_csv('%s', header = false, columns =
        {'session': 'BIGINT', 'time': 'TIMESTAMP', 'item': 'INTEGER', 'price': 'INTEGER',
        'quantity': 'INTEGER'});
      CREATE TABLE sessions AS SELECT session, count(*) AS clicks, count(DISTINCT item) AS items,
        min(time) AS start, session IN (SELECT session FROM buys) AS buys
        FROM clicks GROUP BY session;
      CREATE TABLE pairs AS SELECT item = lag(item) OVER w AS repeats,
        epoch(time - lag(time) OVER w) AS gap
        FROM clicks WINDOW w AS (PARTITION BY session ORDER BY time, line)
        QUALIFY repeats IS NOT NULL;
      CREATE TABLE buyers AS SELECT session, items AS clicked, (SELECT count(DISTINCT b.item)
        FROM buys b WHERE b.session = s.session AND b.item IN
        (SELECT c.item FROM clicks c WHERE c.session = s.session)) AS bought
        FROM sessions s WHERE buys;
      """;

  private static final double LOG_GAP_SPREAD = 1.6;
  private static final double LOG_PRICE_SPREAD = 2.5;

  private final Connection database;
  private final List<Figure> figures = new ArrayList<>();

  /// One figure beside its target.
  ///
  /// @param name what it is
  /// @param target the original's value
  /// @param measured this log's value
  /// @param isShare whether it is a share or rate, a fraction of 1
  /// @param error standard error of a random sample of the log's size
  public record Figure(String name, double target, double measured, boolean isShare, double error) {
    /// Returns whether the figure lies within 5 % of the target or, for a share, 0.3 points, with
    /// some standard errors more.
    public boolean isOk(double errors) {
      double allowed = Math.max(.05 * Math.abs(target), isShare ? .003 : 0) + errors * error;
      return Math.abs(measured - target) <= allowed;
    }
  }

  private LogFigures(Connection database) {
    this.database = database;
  }

  /// Reads a log's clicks and purchases.
  public static LogFigures open(Path clicks, Path buys, Workers workers) throws IOException {
    try {
      LogFigures figures = new LogFigures(DriverManager.getConnection("jdbc:duckdb:"));
      try (Statement statement = figures.database.createStatement()) {
        statement.execute("SET threads = " + workers.threads());
        statement.execute(TABLES.formatted(quoted(clicks), quoted(buys)));
      }
      return figures;
    } catch (SQLException e) {
      throw new IOException("cannot read " + clicks + " and " + buys, e);
    }
  }

  private static String quoted(Path file) {
    return file.toString().replace("'", "''");
  }

  /// Returns all figures but those of popularity.
  public List<Figure> figures() throws IOException {
    figures.clear();
    try {
      sessions();
      pairs();
      buyers();
      return List.copyOf(figures);
    } catch (SQLException e) {
      throw new IOException("cannot measure the log", e);
    }
  }

  /// Returns the popularity figures, which need a log of about 500,000 sessions or more.
  public List<Figure> popularity() throws IOException {
    figures.clear();
    try {
      long[] clicked = counts("clicks");
      long[] bought = counts("buys");
      top("clicked", clicked, YoochooseFacts.topClicked());
      top("bought", bought, YoochooseFacts.topBought());
      figures.add(
          new Figure(
              "Zipf slope, ranks 10-2000", YoochooseFacts.ZIPF_SLOPE, slope(clicked), false, 0));
      return List.copyOf(figures);
    } catch (SQLException e) {
      throw new IOException("cannot measure the log", e);
    }
  }

  /// Returns the log's sessions in the rules of the protocol `rsc15`: sessions of 2 clicks, items
  /// of 5, sessions of 2 again, ordered by their last click. Item indices follow the item ids.
  public Sessions rsc15() throws IOException {
    try (Statement statement = database.createStatement()) {
      statement.execute(
          """
          CREATE OR REPLACE TABLE kept AS WITH two AS (SELECT * FROM clicks WHERE session IN
            (SELECT session FROM sessions WHERE clicks >= 2)),
          five AS (SELECT * FROM two WHERE item IN
            (SELECT item FROM two GROUP BY item HAVING count(*) >= 5))
          SELECT *, max(time) OVER (PARTITION BY session) AS ended FROM five
          QUALIFY count(*) OVER (PARTITION BY session) >= 2
          """);
      List<Integer> offsets = new ArrayList<>();
      int[] items = new int[(int) number("SELECT count(*) FROM kept")];
      long[] times = new long[items.length];
      long before = -1;
      int n = 0;
      try (ResultSet rows =
          statement.executeQuery(
              """
              SELECT session, dense_rank() OVER (ORDER BY item) - 1, epoch_ms(time) FROM kept
              ORDER BY ended, session, time, line
              """)) {
        while (rows.next()) {
          if (rows.getLong(1) != before) {
            offsets.add(n);
            before = rows.getLong(1);
          }
          items[n] = rows.getInt(2);
          times[n++] = rows.getLong(3);
        }
      }
      offsets.add(n);
      return new Sessions(offsets.stream().mapToInt(Integer::intValue).toArray(), items, times);
    } catch (SQLException e) {
      throw new IOException("cannot read the sessions", e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      database.close();
    } catch (SQLException e) {
      throw new IOException("cannot close the log", e);
    }
  }

  private void sessions() throws SQLException {
    share("buy rate", YoochooseFacts.BUY_RATE, "avg(buys::INT), count(*) FROM sessions");
    mean("clicks a session", YoochooseFacts.MEAN_CLICKS, "clicks", "sessions");
    double[] lengths = YoochooseFacts.lengths();
    for (int n = 1; n <= lengths.length; n++) {
      String sql = "avg((clicks = " + n + ")::INT), count(*) FROM sessions";
      share("sessions of " + n + " clicks", lengths[n - 1], sql);
    }
    rates("clicks", "clicks", 1, YoochooseFacts.rateByClicks());
    rates("distinct items", "items", 1, YoochooseFacts.rateByItems());
    rates("hour", "hour(start)", 0, YoochooseFacts.rateByHour());
    rates("weekday (1 = Monday)", "isodow(start)", 1, YoochooseFacts.rateByWeekday());
  }

  private void rates(String name, String by, int first, double[] targets) throws SQLException {
    for (int i = 0; i < targets.length; i++) {
      String where = " WHERE " + by + " = " + (first + i);
      String sql = "coalesce(avg(buys::INT), 0), count(*) FROM sessions" + where;
      share("buy rate at " + name + " " + (first + i), targets[i], sql);
    }
  }

  private void pairs() throws SQLException {
    share("immediate repeats", YoochooseFacts.REPEATS, "avg(repeats::INT), count(*) FROM pairs");
    double[] gaps = YoochooseFacts.GAP_SECONDS;
    quantile("gap, median s", gaps[0], "gap", .5, "pairs", LOG_GAP_SPREAD);
    quantile("gap, 75th percentile s", gaps[1], "gap", .75, "pairs", LOG_GAP_SPREAD);
    mean("gap, mean s", gaps[2], "gap", "pairs WHERE gap < 3600");
  }

  private void buyers() throws SQLException {
    mean("clicked by a buyer", YoochooseFacts.BUYER_CLICKED, "clicked", "buyers");
    mean("clicked and bought by a buyer", YoochooseFacts.BUYER_BOUGHT, "bought", "buyers");
    for (int n = 1; n <= YoochooseFacts.buyerClicked().length; n++) {
      shareOfBuyers(n + " clicked", YoochooseFacts.buyerClicked()[n - 1], "clicked = " + n);
      shareOfBuyers(n + " bought", YoochooseFacts.buyerBought()[n - 1], "bought = " + n);
    }
    shareOfBuyers("all bought", YoochooseFacts.BOUGHT_ALL, "bought = clicked");
    shareOfBuyers("any clicked item bought", 1, "bought > 0");
    for (int n = 1; n <= YoochooseFacts.shareBought().length; n++) {
      String sql = "avg(bought / clicked), count(*) FROM buyers WHERE clicked = " + n;
      share("share bought of " + n + " clicked", YoochooseFacts.shareBought()[n - 1], sql);
    }
    mean(
        "buy rows a buyer",
        YoochooseFacts.BUYER_ROWS,
        "n",
        "(SELECT count(*) AS n FROM buys GROUP BY session)");
    share(
        "buy rows without price and quantity",
        YoochooseFacts.FREE_ROWS,
        "avg((price = 0 AND quantity = 0)::INT), count(DISTINCT session) FROM buys");
    quantile(
        "price, 75th percentile", YoochooseFacts.PRICE_75, "price", .75, "buys", LOG_PRICE_SPREAD);
  }

  private void shareOfBuyers(String name, double target, String condition) throws SQLException {
    share("buyers: " + name, target, "avg((" + condition + ")::INT), count(*) FROM buyers");
  }

  private void share(String name, double target, String sql) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + sql)) {
      row.next();
      double error = Math.sqrt(target * (1 - target) / Math.max(1, row.getDouble(2)));
      figures.add(new Figure(name, target, row.getDouble(1), true, error));
    }
  }

  private void mean(String name, double target, String column, String from) throws SQLException {
    double error = number("SELECT stddev(" + column + ") / sqrt(count(*)) FROM " + from);
    double mean = number("SELECT avg(" + column + ") FROM " + from);
    figures.add(new Figure(name, target, mean, false, error));
  }

  /// The error is that of a log-normal quantile; a spread for rows that come in groups is larger.
  private void quantile(
      String name, double target, String column, double quantile, String from, double spread)
      throws SQLException {
    double measured = number("SELECT quantile_cont(" + column + ", " + quantile + ") FROM " + from);
    double error = target * 1.36 * spread / Math.sqrt(number("SELECT count(*) FROM " + from));
    figures.add(new Figure(name, target, measured, false, error));
  }

  private double number(String sql) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getDouble(1);
    }
  }

  private long[] counts(String table) throws SQLException {
    List<Long> counts = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) AS n FROM " + table + " GROUP BY item ORDER BY n DESC")) {
      while (rows.next()) {
        counts.add(rows.getLong(1));
      }
    }
    return counts.stream().mapToLong(Long::longValue).toArray();
  }

  private void top(String name, long[] counts, double[] targets) {
    int[] ranks = {100, 1_000, 5_000};
    double all = Arrays.stream(counts).sum();
    for (int i = 0; i < targets.length; i++) {
      double measured = Arrays.stream(counts).limit(ranks[i]).sum() / all;
      figures.add(new Figure("top " + ranks[i] + " " + name, targets[i], measured, true, 0));
    }
  }

  /// Least squares over all ranks from 10 to 2,000.
  private static double slope(long[] counts) {
    double x1 = 0;
    double y1 = 0;
    double xx = 0;
    double xy = 0;
    int n = 0;
    for (int rank = 10; rank <= Math.min(2_000, counts.length); rank++) {
      double x = Math.log(rank);
      double y = Math.log((double) counts[rank - 1]);
      x1 += x;
      y1 += y;
      xx += x * x;
      xy += x * y;
      n++;
    }
    return (n * xy - x1 * y1) / (n * xx - x1 * x1);
  }
}
