package io.kaseb.browser;

import io.kaseb.base.Json;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.duckdb.Resources;
import io.kaseb.eval.EvalConfig;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.pipeline.Compare;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.SampleSessions;
import io.kaseb.pipeline.Train;
import io.kaseb.serve.ServeConfig;
import io.kaseb.serve.Shop;
import io.kaseb.serve.pages.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A small shop whose log has carts, devices, searches, and texts that would run as scripts if any
/// page read them as HTML.
final class HostileShop {
  /// Item ids that mean harm.
  static final List<String> HOSTILE =
      List.of(
          "<img src=x onerror=window.hacked=1>",
          "\"><svg onload=window.hacked=1>",
          "javascript:window.hacked=1",
          "a,b&c=d#e",
          "</script><script>window.hacked=1</script>");

  private static final List<String> CATEGORIES =
      List.of("lamps", "<b onclick=window.hacked=1>bold</b>", "sofas", "shoes");

  private static final int SESSIONS = 700;
  private static final int ITEMS = 30;

  private final Path folder;

  private HostileShop(Path folder) {
    this.folder = folder;
  }

  /// Simulates, prepares, trains and measures in a folder.
  static HostileShop make(Path folder) throws IOException {
    HostileShop shop = new HostileShop(folder);
    Files.writeString(folder.resolve("log.csv"), log());
    Files.writeString(
        folder.resolve("items.csv"),
        "id,name\nitem-1,\"A <i>fine</i> lamp\"\n\"%s\",\"<img src=y onerror=window.hacked=2>\"\n"
            .formatted(HOSTILE.getLast()));
    Format format =
        Format.of("csv")
            .with(
                LogColumns.parse("session=session,time=time,type=type,item=item,category=category"))
            .withAttributes(
                LogAttribute.parse(
                    "device:category@session,brand:category@item,query:words@event"));
    Prepare.run(
        ClickSource.of(format, folder.resolve("log.csv")),
        Prepare.Rules.DEFAULT.with(Protocol.CHALLENGE).with(Split.parse("time:0.2")),
        Resources.DEFAULT,
        shop.dataset(),
        true,
        Progress.NONE);
    Train.run(
        Train.Options.of(
                shop.dataset(),
                shop.model(),
                TrainConfig.DEFAULT.with(
                    Map.of("layers", "8", "n_epochs", "2", "n_sample", "16", "batch_size", "16")),
                1)
            .withValid(.1)
            .withIntent(
                IntentConfig.DEFAULT.with(
                    Map.of("intent_units", "4", "intent_epochs", "1", "intent_trees", "10"))),
        e -> {},
        Progress.NONE,
        () -> false);
    Compare.Result measured =
        Compare.run(
            List.of(shop.model()),
            shop.dataset(),
            EvalConfig.defaults().withThreads(1),
            "kaseb compare <b>shop</b>",
            Progress.NONE);
    Files.write(shop.report(), Json.MAPPER.writeValueAsBytes(measured.figures()));
    return shop;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String log() {
    StringBuilder log = new StringBuilder("session,time,type,item,category,device,brand,query\n");
    Random random = new Random(3);
    long second = 1_700_000_000;
    for (int s = 0; s < SESSIONS; s++) {
      int at = random.nextInt(ITEMS);
      String device = random.nextInt(3) > 0 ? "phone" : "desktop <u>x</u>";
      // So strong an effect that a forecast shows it at every hour of the day.
      boolean buys = random.nextInt(device.equals("phone") ? 8 : 2) == 0;
      int clicks = 2 + random.nextInt(3);
      for (int c = 0; c < clicks; c++) {
        second += 20 + random.nextInt(40);
        row(log, s, second, "view", (at + c) % ITEMS, device, "");
      }
      if (buys || random.nextInt(6) == 0) {
        row(log, s, second += 30, "cart", at, device, "");
      }
      if (random.nextInt(6) == 0) {
        row(log, s, second += 30, "remove", at, device, "");
      }
      if (random.nextInt(4) == 0) {
        row(log, s, second += 30, "search", -1, device, "cheap lamp");
      }
      if (buys) {
        row(log, s, second += 30, "purchase", at, device, "");
      }
    }
    return log.toString();
  }

  private static void row(
      StringBuilder log,
      int session,
      long second,
      String type,
      int item,
      String device,
      String query) {
    log.append(session).append(',').append(second).append(',').append(type).append(',');
    log.append(item < 0 ? "" : quoted(id(item))).append(',');
    log.append(item < 0 ? "" : quoted(CATEGORIES.get(item % CATEGORIES.size()))).append(',');
    log.append(quoted(device)).append(',');
    log.append(item < 0 ? "" : "brand-" + item % 5).append(',').append(query).append('\n');
  }

  private static String id(int item) {
    return item < HOSTILE.size() ? HOSTILE.get(item) : "item-" + (item - HOSTILE.size());
  }

  Path dataset() {
    return folder.resolve("dataset");
  }

  Path model() {
    return folder.resolve("shop.kaseb");
  }

  Path report() {
    return folder.resolve("report.json");
  }

  /// Returns the configuration of a server with everything that pages can show.
  ///
  /// @param visits sessions to play again
  ServeConfig config(int visits) throws IOException {
    SampleSessions.Sample sample = SampleSessions.draw(dataset(), visits, 1, Workers.of(1));
    ServeConfig plain = Shop.config(model(), null, "memory");
    return new ServeConfig(
        plain.listen(),
        plain.models(),
        plain.sessions(),
        plain.limits(),
        plain.log(),
        new ServeConfig.Pages(
            true,
            folder.resolve("items.csv"),
            report(),
            new Replay(
                "the <b>log</b>",
                sample.sessions().stream()
                    .map(s -> new Replay.Visit(s.events(), s.attributes(), List.copyOf(s.bought())))
                    .toList(),
                sample.items())));
  }
}
