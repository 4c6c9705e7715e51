package io.kaseb.spark;

import io.kaseb.base.KasebException;
import io.kaseb.data.Manifest;
import io.kaseb.intent.Payoff;
import io.kaseb.logfile.ItemFile;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Prepare;
import io.kaseb.search.Tune;
import io.kaseb.store.ExperimentFile;
import io.kaseb.tune.study.StudyState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/// What `spark-submit` starts: `prepare`, `forecast` and `tune` with the options of `kaseb`.
public final class Main {
  private static final Set<String> LOG = Set.of("format", "columns", "actions", "missing");
  private static final String HELP =
      """
      Usage: spark-submit --class io.kaseb.spark.Main ... kaseb-spark.jar COMMAND
        prepare --format FORMAT --clicks PATH... [--buys PATH...] [--test PATH...] --out DATASET
          [--protocol P] [--split S] [--times real|relative] [--columns ROLE=COLUMN,...]
          [--actions ...] [--attributes ...] [--items FILE] [--item-columns id=COLUMN]
          [--item-map FILE] [--missing WORD,...] [--session-gap SECONDS] [--max-bad-rows SHARE]
          [--seed N] [--force] [--chunk-mb N]
        forecast MODEL --clicks PATH... [--out FOLDER] [--probabilities FOLDER.parquet|FOLDER.csv]
          [--next N] [--target ACTION] [--caught-buyer VALUE --wrong-nudge VALUE]
          [--format FORMAT] [--columns ...] [--actions ...] [--attributes ...] [--missing ...]
          [--max-bad-rows SHARE] [--chunk-mb N]
        tune DATASET --out EXPERIMENT [--space FILE] [--config FILE] [--set k=v] [--goal GOAL]
          [--constraint BOUND] [--max-trials N] [--duration TIME] [--concurrency N] [--threads N]
          [--sampler NAME] [--pruner NAME] [--valid SHARE] [--valid-sessions N] [--share SHARE]
          [--fidelity epochs|sessions] [--deterministic]
        tune --resume EXPERIMENT
      Options are those of kaseb, but --threads: threads of each trial (set spark.task.cpus as well).
      All machines must see all files under the same name: a path, hdfs://..., s3a://... Example:
        spark-submit --master spark://head:7077 --class io.kaseb.spark.Main \\
          --jars "$(ls kaseb/lib/*.jar | paste -sd,)" kaseb/kaseb-spark.jar \\
          prepare --format yoochoose --clicks /data/clicks.dat --out /data/shop
      """;

  private final SparkSession spark;
  private final PrintStream out;

  private Main(SparkSession spark, PrintStream out) {
    this.spark = spark;
    this.out = out;
  }

  /// Runs a command; ends the process with 1 where it fails.
  public static void main(String[] args) throws IOException {
    if (args.length == 0 || List.of(args).contains("--help")) {
      System.out.print(HELP);
      return;
    }
    int code = 0;
    try (SparkSession spark = SparkSession.builder().appName("kaseb " + args[0]).getOrCreate()) {
      code = run(spark, List.of(args), System.out) ? 0 : 1;
    } catch (KasebException e) {
      System.err.println("kaseb: " + e.message(Main::show));
      code = 1;
    }
    if (code != 0) {
      System.exit(code);
    }
  }

  private static String show(String setting, String value) {
    String option = "--" + setting.replace('_', '-');
    return value.isEmpty() ? option : option + " " + value;
  }

  /// Runs a command in a session of Spark's; returns whether it came to its end.
  ///
  /// @param args the command and its options
  /// @param out takes what it says
  static boolean run(SparkSession spark, List<String> args, PrintStream out) throws IOException {
    Main main = new Main(spark, out);
    List<String> words = args.subList(1, args.size());
    switch (args.getFirst()) {
      case "prepare" -> main.prepare(words);
      case "forecast" -> main.forecast(words);
      case "tune" -> {
        return main.tune(words);
      }
      default ->
          throw KasebException.ofUnknown(
              "command", args.getFirst(), List.of("prepare", "forecast", "tune"));
    }
    return true;
  }

  private static Set<String> with(Set<String> log, String... more) {
    Set<String> all = new TreeSet<>(log);
    all.addAll(List.of(more));
    return all;
  }

  /// Returns the files of a log; a cluster has no standard input.
  private List<String> names(List<String> names) throws IOException {
    if (names.contains("-")) {
      throw new KasebException("-: a cluster has no standard input; name a file that all see");
    }
    return SharedFiles.of(spark).files(names);
  }

  /// Returns a path that core is to open: of a file system that the machine itself has.
  private static Path path(String name) {
    String place = SharedFiles.place(name);
    if (!SharedFiles.isPath(place)) {
      throw new KasebException(
          new KasebException.Problem(
              name,
              "trials read and write plain folders",
              null,
              "copy the dataset into a folder that all machines mount, and name that"));
    }
    return name.startsWith("file:") ? Path.of(place) : Path.of(name);
  }

  private void prepare(List<String> words) throws IOException {
    Arguments given =
        Arguments.read(
            "prepare",
            words,
            with(
                LOG,
                "clicks",
                "buys",
                "test",
                "protocol",
                "split",
                "times",
                "session-gap",
                "max-bad-rows",
                "seed",
                "out",
                "force",
                "chunk-mb",
                "items",
                "item-columns",
                "item-map",
                "attributes"),
            Set.of("force"),
            Set.of("json", "memory", "threads"));
    given.noSubject();
    String protocol = given.one("protocol");
    String split = given.one("split");
    String times = given.or("times", "real");
    if (!List.of("real", "relative").contains(times)) {
      throw KasebException.ofUnknown("times", times, List.of("real", "relative"));
    }
    long started = System.nanoTime();
    String items = given.one("items");
    Manifest manifest =
        PrepareJob.run(
            spark,
            new PrepareJob.Request(
                given.log(given.needed("format")),
                LogInput.of(
                        names(given.all("clicks")),
                        names(given.all("test")),
                        names(given.all("buys")))
                    .withItems(items, ItemFile.idColumn(given.one("item-columns"), items != null))
                    .withItemMap(given.one("item-map")),
                new Prepare.Rules(
                    protocol == null ? null : Protocol.of(protocol),
                    split == null ? null : Split.parse(split),
                    times.equals("real"),
                    given.whole("session-gap"),
                    given.number("max-bad-rows", 0.001),
                    (long) given.number("seed", 42)),
                given.needed("out"),
                given.has("force"),
                given.chunkBytes()));
    print(
        "Prepared %s in %.1f s: %,d clicks of %,d sessions to train on, %,d of %,d to test on, %,d items.%n",
        given.needed("out"),
        (System.nanoTime() - started) / 1e9,
        manifest.train().events(),
        manifest.train().sessions(),
        manifest.test().events(),
        manifest.test().sessions(),
        manifest.items());
  }

  private void forecast(List<String> words) throws IOException {
    Arguments given =
        Arguments.read(
            "forecast",
            words,
            with(
                LOG,
                "clicks",
                "next",
                "target",
                "out",
                "probabilities",
                "caught-buyer",
                "wrong-nudge",
                "attributes",
                "max-bad-rows",
                "chunk-mb"),
            Set.of(),
            Set.of("json", "threads"));
    Integer next = given.whole("next");
    if (next != null && next < 1) {
      throw KasebException.ofSetting("next", next, "1..1000");
    }
    if (next == null && given.has("target")) {
      throw new KasebException("--target says which next items are wanted; add --next 20");
    }
    ForecastJob.Output output = output(given, next);
    ForecastJob.Figures figures =
        ForecastJob.run(
            spark,
            new ForecastJob.Request(
                given.subject("model"),
                given.log(given.or("format", "yoochoose")),
                names(given.all("clicks")),
                next == null ? 0 : next,
                given.or("target", "view"),
                given.number("max-bad-rows", 0.001),
                output,
                given.chunkBytes()));
    if (output.probabilities() != null) {
      print(
          "Wrote %s: %,d rows for %,d sessions.%n",
          output.probabilities(), figures.rows(), figures.sessions());
    }
    if (output.answers() != null && next != null) {
      print(
          "Wrote %s: %,d sessions, %,d of them with the most popular items (no click on an item that the model knows).%n",
          output.answers(), figures.lines(), figures.lines() - figures.byModel());
    } else if (output.answers() != null) {
      print(
          "Wrote %s: %,d of %,d sessions named as buyers, expected %s %,.1f.%n",
          output.answers(),
          figures.lines(),
          figures.sessions(),
          output.costs() == null ? "challenge score" : "gain",
          figures.expected());
    }
    print("Took %.1f s.%n", figures.seconds());
  }

  private static ForecastJob.Output output(Arguments given, @Nullable Integer next) {
    String out = given.one("out");
    String probabilities = given.one("probabilities");
    if (out == null && probabilities == null) {
      throw new KasebException("give --out FOLDER, --probabilities FOLDER or both");
    }
    if (given.has("caught-buyer") != given.has("wrong-nudge")) {
      throw new KasebException("--caught-buyer and --wrong-nudge: give both or none");
    }
    if (given.has("caught-buyer") && (next != null || out == null)) {
      throw new KasebException(
          "--caught-buyer and --wrong-nudge go with purchase answers in --out, not with --next");
    }
    return new ForecastJob.Output(
        probabilities,
        out,
        given.has("caught-buyer")
            ? new Payoff.Costs(given.number("caught-buyer", 0), given.number("wrong-nudge", 0))
            : null);
  }

  private boolean tune(List<String> words) throws IOException {
    Arguments given =
        Arguments.read(
            "tune",
            words,
            Set.of(
                "out",
                "space",
                "config",
                "gru4rec-params",
                "preset",
                "set",
                "goal",
                "constraint",
                "max-trials",
                "duration",
                "concurrency",
                "threads",
                "sampler",
                "pruner",
                "valid",
                "valid-sessions",
                "share",
                "fidelity",
                "deterministic",
                "resume"),
            Set.of("deterministic"),
            Set.of("warm-start", "warm-check", "studio", "confirm", "json"));
    String resumed = given.one("resume");
    Path folder = path(resumed == null ? given.needed("out") : resumed);
    if (resumed == null) {
      List<String> ignored = Tune.create(options(given, folder));
      if (!ignored.isEmpty()) {
        print("Without meaning here, ignored: %s%n", String.join(", ", ignored));
      }
    }
    AtomicBoolean stop = new AtomicBoolean();
    Thread hook = Thread.ofPlatform().unstarted(() -> stop.set(true));
    Runtime.getRuntime().addShutdownHook(hook);
    Tune.Result result =
        TuneJob.run(
            spark,
            folder,
            trial -> print("trial %d: %s %s%n", trial.id(), trial.state(), trial.reason()),
            stop::get);
    if (!stop.get()) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
    print("%n%s", Tune.text(folder, result.figures()));
    return result.status().status() == StudyState.DONE;
  }

  /// Each trial has so many threads; as many trials are at work as the cluster has room for.
  private Tune.Options options(Arguments given, Path folder) throws IOException {
    Integer threads = given.whole("threads");
    int each = threads == null ? 1 : threads;
    Integer concurrency = given.whole("concurrency");
    int slots = spark.sparkContext().defaultParallelism() / Math.max(1, each);
    int workers = concurrency == null ? Math.max(1, slots) : concurrency;
    String config = given.one("config");
    String space = given.one("space");
    String duration = given.one("duration");
    String sampler = given.one("sampler");
    String pruner = given.one("pruner");
    Integer validSessions = given.whole("valid-sessions");
    List<String> goals = given.all("goal");
    return new Tune.Options(
        path(given.subject("dataset")),
        folder,
        new Tune.Subject(
            new ConfigFile.Start(
                    config == null ? null : Path.of(config),
                    given.one("gru4rec-params"),
                    given.one("preset"))
                .resolve(given.all("set")),
            space == null ? null : Path.of(space)),
        new Tune.Goals(goals.isEmpty() ? List.of("mrr@20") : goals, given.all("constraint")),
        new Tune.Part(
            given.number("valid", Tune.Part.DEFAULT.valid()),
            validSessions == null ? Tune.Part.DEFAULT.validSessions() : validSessions,
            given.number("share", Tune.Part.DEFAULT.share()),
            given.or("fidelity", Tune.Part.DEFAULT.fidelity())),
        new Tune.Search(
            given.whole("max-trials"),
            duration == null ? null : ExperimentFile.seconds("duration", duration),
            workers,
            sampler == null ? null : Tune.method("sampler", sampler),
            pruner == null ? null : Tune.method("pruner", pruner),
            given.has("deterministic"),
            null),
        each * workers);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is a library of its own
  private void print(String format, Object... values) {
    List<Object> shown = new ArrayList<>(List.of(values));
    out.printf(Locale.ROOT, format, shown.toArray());
  }
}
