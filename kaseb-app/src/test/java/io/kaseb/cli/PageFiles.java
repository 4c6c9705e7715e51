package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The files that the pages' commands start from, under the names that the pages give them: one
/// small simulated shop, written in the form of each tool and shop.
final class PageFiles {
  private static final int SESSIONS = 500;

  /// What a training is given where a page leaves a size to its default.
  static final List<String> SMALL =
      List.of("n_epochs=1", "layers=16", "intent_epochs=1", "intent_trees=10");

  /// All events of the shop, whose sessions begin evenly over twenty days, so that the last day and
  /// the last seven days are test parts of their own.
  private static final String EVENTS =
      """
      CREATE TABLE e AS
      WITH read AS (
        SELECT *, time::TIMESTAMP AS t, min(time::TIMESTAMP) OVER (PARTITION BY session) AS first,
          row_number() OVER () AS line
        FROM read_csv('FILE', all_varchar = true, header = true)),
      placed AS (SELECT *, dense_rank() OVER (ORDER BY first, session::INT) - 1 AS place FROM read)
      SELECT line, session::INT AS session, "user", type, item, category, brand, price, device, query,
        TIMESTAMP '2019-10-01' + (t - first) + to_seconds(place * 1728000 / (SELECT max(place) + 1 FROM placed)) AS t,
        place * 5 >= 4 * (SELECT max(place) FROM placed) AS late
      FROM placed ORDER BY line""";

  private static final String LOG =
      """
      SELECT session AS visit, item AS sku, strftime(t, '%Y-%m-%dT%H:%M:%S.%gZ') AS at, type AS action,
        "user" AS customer, device, price, query, brand
      FROM e WHERE item IS NOT NULL AND type <> 'search'""";

  private static final String CSV = "(FORMAT csv, HEADER true)";
  private static final String TSV = "(FORMAT csv, DELIMITER '\t', HEADER true)";
  private static final String LINES =
      "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\t', COMPRESSION gzip)";

  private static final String REES46 =
      """
      SELECT strftime(t, '%Y-%m-%d %H:%M:%S UTC') AS event_time,
        CASE type WHEN 'remove' THEN 'remove_from_cart' ELSE type END AS event_type,
        item AS product_id, 21 AS category_id, category AS category_code, brand, price,
        "user" AS user_id, 's' || session AS user_session
      FROM e WHERE item IS NOT NULL AND type <> 'search' ORDER BY t, line""";

  private static final String PAGES =
      """
      SELECT session, epoch(t)::BIGINT AS time, 'p' || (line % 7) AS page,
        CASE type WHEN 'purchase' THEN 'purchase' ELSE 'view' END AS type, session % 2 AS c1,
        session % 3 AS c2, session % 4 AS c3, session % 5 AS c4, session / 10.0 AS c5
      FROM e WHERE""";

  private static final String INTER =
      """
      SELECT session AS "session_id:token", item AS "item_id:token", epoch(t) AS "timestamp:float"
      FROM e WHERE type = 'view' ORDER BY t, line""";

  /// Each file's rows and form.
  private static final Map<String, List<String>> TABLES =
      Map.ofEntries(
          Map.entry("log.csv", List.of(LOG, CSV)),
          Map.entry("new.csv", List.of(LOG + " AND late", CSV)),
          Map.entry("log.parquet", List.of(LOG, "(FORMAT parquet)")),
          Map.entry(
              "log.jsonl.gz",
              List.of(
                  "SELECT {'visit': visit} AS \"user\", sku, \"at\" FROM (" + LOG + ")",
                  "(FORMAT json, COMPRESSION gzip)")),
          Map.entry(
              "items.csv",
              List.of(
                  "SELECT item AS sku, any_value(brand) AS brand, 'Name of ' || item AS name FROM e"
                      + " WHERE item IS NOT NULL GROUP BY item ORDER BY item",
                  CSV)),
          Map.entry("train.tsv", List.of(gru4rec("NOT late"), TSV)),
          Map.entry("test.tsv", List.of(gru4rec("late"), TSV)),
          Map.entry("rsc15-clicks_train_full.0.txt", List.of(gru4rec("NOT late"), TSV)),
          Map.entry("rsc15-clicks_test.0.txt", List.of(gru4rec("late"), TSV)),
          Map.entry("train.txt.gz", List.of(sessions("NOT late"), LINES)),
          Map.entry("latest.txt.gz", List.of(sessions("NOT late"), LINES)),
          Map.entry("test.txt.gz", List.of(sessions("late"), LINES)),
          Map.entry(
              "item-map.tsv.gz",
              List.of("SELECT DISTINCT item, 'sku-' || item FROM e WHERE item IS NOT NULL", LINES)),
          Map.entry(
              "events.csv",
              List.of(
                  """
                  SELECT epoch_ms(t) AS timestamp, "user" AS visitorid,
                    CASE type WHEN 'cart' THEN 'addtocart' WHEN 'purchase' THEN 'transaction' ELSE type END AS event,
                    item AS itemid, CASE type WHEN 'purchase' THEN line END AS transactionid
                  FROM e WHERE type IN ('view', 'cart', 'purchase') ORDER BY t, line""",
                  CSV)),
          Map.entry(
              "2019-Oct.csv.gz", List.of(REES46, "(FORMAT csv, HEADER true, COMPRESSION gzip)")),
          Map.entry(
              "2019-Oct-head.csv.gz",
              List.of(REES46, "(FORMAT csv, HEADER true, COMPRESSION gzip)")),
          Map.entry(
              "train-item-views.csv",
              List.of(
                  """
                  SELECT session AS "sessionId", "user" AS "userId", item AS "itemId",
                    (epoch_ms(t) % 86400000) AS timeframe, strftime(t, '%Y-%m-%d') AS eventdate
                  FROM e WHERE type = 'view' ORDER BY line""",
                  "(FORMAT csv, DELIMITER ';', HEADER true)")),
          Map.entry(
              "train-purchases.csv",
              List.of(
                  """
                  SELECT session AS "sessionId", "user" AS "userId", (epoch_ms(t) % 86400000) AS timeframe,
                    strftime(t, '%Y-%m-%d') AS eventdate, line AS ordernumber, item AS "itemId"
                  FROM e WHERE type = 'purchase' ORDER BY line""",
                  "(FORMAT csv, DELIMITER ';', HEADER true)")),
          Map.entry(
              "train.jsonl",
              List.of(
                  """
                  SELECT session, list({'aid': item::INT, 'ts': epoch_ms(t), 'type':
                    CASE type WHEN 'view' THEN 'clicks' WHEN 'cart' THEN 'carts' ELSE 'orders' END} ORDER BY t, line)
                    AS events
                  FROM e WHERE type IN ('view', 'cart', 'purchase') GROUP BY session ORDER BY session""",
                  "(FORMAT json)")),
          Map.entry(
              "jd.csv.gz",
              List.of(
                  """
                  SELECT strftime(t, '%Y-%m-%dT%H:%M:%SZ') AS time, "user", item,
                    CASE type WHEN 'cart' THEN 'follow' WHEN 'remove' THEN 'comment' WHEN 'purchase' THEN 'order'
                      ELSE type END AS type, session
                  FROM e WHERE item IS NOT NULL AND type <> 'search' ORDER BY t, line""",
                  "(FORMAT csv, HEADER true, COMPRESSION gzip)")),
          Map.entry("train.csv", List.of(PAGES + " NOT late ORDER BY session, line", CSV)),
          Map.entry("test.csv", List.of(PAGES + " late ORDER BY session, line", CSV)),
          Map.entry("diginetica.inter", List.of(INTER, TSV)),
          Map.entry("shop.inter", List.of(INTER, TSV)),
          Map.entry(
              "shop.item",
              List.of(
                  """
                  SELECT item AS "item_id:token", any_value(category) AS "category:token",
                    any_value(price)::DOUBLE AS "price:float"
                  FROM e WHERE item IS NOT NULL GROUP BY item ORDER BY item""",
                  TSV)));

  /// Files that people write by hand.
  private static final Map<String, String> TEXTS =
      Map.of(
          "paramspace.json",
          """
          {"name": "learning_rate", "dtype": "float", "values": [0.05, 0.1]}
          {"name": "layers", "dtype": "int", "values": [8, 16]}
          """,
          "search_space.json",
          """
          {"lr": {"_type": "loguniform", "_value": [0.02, 0.2]},
           "hidden_size": {"_type": "choice", "_value": [8, 16]}}
          """,
          "features.json",
          """
          {"intent_generated": {"_type": "choice", "_value": ["", "recency(cart)"]}}
          """,
          "tpe.json",
          """
          {"layers": {"_type": "choice", "_value": ["[8]"]}}
          """,
          "rr-best.yaml",
          "{readout: core, dropout_p_embed: 0.4, ema_decay: 0.75}\n",
          "xe.yaml",
          "loss: cross-entropy\n",
          "bpr.yaml",
          "loss: bpr-max\n",
          // As docs/configuration.md shows it, with fewer units.
          "gru4rec.yaml",
          "loss: bpr-max\nlayers: [16]\nbatch_size: 80\nbpreg: 1.95\nelu_param: 0.5\n",
          "paramfiles/rsc15_xe_shared_100_best.py",
          """
          from collections import OrderedDict
          gru4rec_params = OrderedDict([('loss', 'cross-entropy'), ('layers', [16]), ('n_epochs', 1)])
          """);

  private PageFiles() {}

  private static String gru4rec(String part) {
    return "SELECT session AS \"SessionId\", item AS \"ItemId\", epoch(t)::BIGINT AS \"Time\" FROM e"
        + " WHERE type = 'view' AND "
        + part
        + " ORDER BY session, line";
  }

  private static String sessions(String part) {
    return "SELECT string_agg(item, ' ' ORDER BY line) FROM e WHERE type = 'view' AND "
        + part
        + " GROUP BY session HAVING count(*) > 1 ORDER BY session";
  }

  private static void run(Object... arguments) {
    Cli ran = Cli.run(arguments);
    assertThat(ran.exit()).as("%s: %s", List.of(arguments), ran.err()).isZero();
  }

  /// Writes all files, and the datasets and models that pages speak of before they make them.
  static void write(Path folder) throws IOException, SQLException {
    Path made = folder.resolve("made");
    run("simulate", "--sessions", SESSIONS, "--events", "--out", made.resolve("events"));
    run("simulate", "--sessions", SESSIONS, "--out", made.resolve("yoochoose"));
    for (String name : List.of("clicks", "buys", "test", "test-buys")) {
      String file = "yoochoose-" + name + ".dat";
      Files.copy(made.resolve("yoochoose").resolve(file), folder.resolve(file));
    }
    Files.copy(folder.resolve("yoochoose-clicks.dat"), folder.resolve("clicks.csv"));
    Files.copy(folder.resolve("yoochoose-buys.dat"), folder.resolve("buys.csv"));
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      statement.execute(EVENTS.replace("FILE", made.resolve("events/events.csv").toString()));
      for (Map.Entry<String, List<String>> table : TABLES.entrySet()) {
        statement.execute(
            "COPY (%s) TO '%s' %s"
                .formatted(
                    table.getValue().getFirst(),
                    folder.resolve(table.getKey()),
                    table.getValue().getLast()));
      }
    }
    for (Map.Entry<String, String> text : TEXTS.entrySet()) {
      Path file = folder.resolve(text.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, text.getValue());
    }
    models(folder);
  }

  private static void models(Path folder) throws IOException, SQLException {
    Path shop = folder.resolve("shop");
    prepare(
        shop,
        "csv",
        folder.resolve("log.csv"),
        "--columns",
        "session=visit,item=sku,time=at,type=action",
        "--attributes",
        "device:category@session",
        "--split",
        "time:0.2");
    train(shop, folder.resolve("shop.kaseb"));
    run(
        "evaluate",
        folder.resolve("shop.kaseb"),
        shop,
        "--json",
        folder.resolve("report.json"),
        "--threads",
        1);
    Path rsc15 = folder.resolve("rsc15");
    Path clicks = folder.resolve("yoochoose-clicks.dat");
    Path buys = folder.resolve("yoochoose-buys.dat");
    prepare(rsc15, "yoochoose", clicks, "--buys", buys, "--split", "time:0.1");
    Path model = folder.resolve("rsc15.kaseb");
    train(rsc15, model);
    run("export", model, "--to", "safetensors", "--out", folder.resolve("gru4rec.safetensors"));
    Files.copy(model, folder.resolve("model.kaseb"));
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      statement.execute(
          "COPY (SELECT id FROM '%s' WHERE train_events > 0 ORDER BY item) TO '%s' (FORMAT csv, HEADER false)"
              .formatted(rsc15.resolve("items.parquet"), folder.resolve("items.txt")));
    }
    prepare(folder.resolve("today"), "yoochoose", clicks, "--split", "time:0.1");
    Path retailrocket = folder.resolve("retailrocket");
    prepare(retailrocket, "retailrocket", folder.resolve("events.csv"), "--split", "time:0.2");
    train(retailrocket, folder.resolve("bpr.kaseb"), "--set", "loss=bpr-max");
    Path out = folder.resolve("out");
    prepare(out, "rees46", folder.resolve("2019-Oct.csv.gz"), "--split", "time:0.2");
    train(out, folder.resolve("pre.kaseb"), "--set", "intent=off");
    for (String search : List.of("search", "searches/one", "made/many")) {
      run(
          "tune",
          shop,
          "--set",
          "n_epochs=1",
          "--set",
          "layers=16",
          "--set",
          "intent=off",
          "--max-trials",
          2,
          "--threads",
          1,
          "--out",
          folder.resolve(search));
    }
  }

  private static void prepare(Path dataset, String format, Path log, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "prepare",
                "--format",
                format,
                "--clicks",
                log,
                "--protocol",
                "none",
                "--out",
                dataset));
    arguments.addAll(List.of(more));
    run(arguments.toArray());
  }

  private static void train(Path dataset, Path model, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("train", dataset, "--out", model, "--threads", 1));
    for (String setting : SMALL) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    run(arguments.toArray());
  }
}
