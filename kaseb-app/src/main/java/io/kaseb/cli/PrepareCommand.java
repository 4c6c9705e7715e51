package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.option.ClusterOptions;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.LogOptions;
import io.kaseb.cli.option.NamedPath;
import io.kaseb.cli.option.ResourceOptions;
import io.kaseb.cli.terminal.DatasetTable;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.cli.usage.NextCommand;
import io.kaseb.data.Manifest;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.ItemFile;
import io.kaseb.logfile.LogFiles;
import io.kaseb.logfile.LogNotes;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.pipeline.Prepare;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb prepare`: makes a dataset of a click log.
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description = "Makes a dataset of a click log: reads, filters, splits, writes Parquet.",
    footer = {
      "",
      "Examples:",
      "  kaseb prepare --format yoochoose --clicks yoochoose-data.7z --out rsc15",
      "  kaseb prepare --format sessions --clicks train.txt.gz \\",
      "    --test test.txt.gz --out shop",
      "  kaseb prepare --format tsv --clicks rsc15-clicks_train_full.0.txt \\",
      "    --test rsc15-clicks_test.0.txt --out rsc15",
      "  kaseb prepare --format recbole --clicks diginetica.inter --out diginetica",
      "  kaseb prepare --format csv --clicks log.csv \\",
      "    --columns session=visit,item=sku,time=at --out shop"
    })
final class PrepareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description =
          "yoochoose, tsv, sessions, csv, parquet, jsonl, retailrocket, rees46, diginetica, otto or recbole (.inter).")
  private String format;

  @Option(
      names = "--clicks",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "The log: files, folders, patterns such as 'logs/*.csv.gz', or - for standard input; plain, gzip, Zstandard, xz, bzip2, or the published YOOCHOOSE 7z.")
  private List<Path> clicks;

  @Option(
      names = "--buys",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Purchases, in the log's own format and columns, or as session, time, item, price, quantity without header. May hold those of the test too.")
  private List<Path> buys = List.of();

  @Option(
      names = "--test",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Test clicks, in the same format; instead of a split.")
  private List<Path> test = List.of();

  @Option(
      names = "--protocol",
      paramLabel = "PROTOCOL",
      description =
          "rsc15, gru4rec, challenge or none. Default: rsc15 for yoochoose, none for tsv and sessions, else gru4rec.")
  private @Nullable String protocol;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      description = "days:N, time:SHARE (the latest sessions) or random:SHARE.")
  private @Nullable String split;

  @Option(
      names = "--times",
      paramLabel = "real|relative",
      defaultValue = "real",
      description = "Whether times of day mean anything. Default: ${DEFAULT-VALUE}.")
  private String times;

  @Option(
      names = "--columns",
      paramLabel = "ROLE=COLUMN,...",
      description =
          "Columns of csv, parquet and jsonl: session, item, and where there are time, type, category, price, quantity, date, user (the visitor); purchase=COLUMN:VALUE where another column than type tells purchases.")
  private @Nullable String columns;

  @Option(
      names = "--actions",
      paramLabel = "ACTION=WORD|WORD,...",
      description =
          "What event types stand for, as in cart=addtocart|add,ignore=hover: view, cart, remove, wishlist, search, page, checkout, purchase, an action of your own, or ignore. Usual words are known.")
  private @Nullable String actions;

  @Option(
      names = "--attributes",
      paramLabel = "[NAME=]COLUMN:KIND@LEVEL,...",
      description =
          "What else columns say, as in device:category@session,price:number@event. Kinds: category, number, words. Levels: event, session, user, item.")
  private @Nullable String attributes;

  @Option(
      names = "--items",
      paramLabel = "FILE",
      description =
          "Table of items with their attributes: CSV with a header, Parquet or JSON lines. Items without a click are in the dataset too.")
  private @Nullable Path items;

  @Option(
      names = "--item-columns",
      paramLabel = "id=COLUMN",
      description = "The column of --items that holds item ids. Default: the first.")
  private @Nullable String itemColumns;

  @Option(
      names = "--item-map",
      paramLabel = "FILE",
      description =
          "Tab-separated index and item id (.gz too): gives the clicks' items these ids; others become unmapped:INDEX.")
  private @Nullable Path itemMap;

  @Option(
      names = "--session-gap",
      paramLabel = "SECONDS",
      description =
          "A longer gap starts a new session; 0: never. Default: 3600 for retailrocket and for rees46 under gru4rec, else 0.")
  private @Nullable Integer sessionGap;

  @Option(
      names = "--max-bad-rows",
      paramLabel = "SHARE",
      defaultValue = "0.001",
      description = "Tolerated share of bad rows. Default: ${DEFAULT-VALUE}.")
  private double maxBadRows;

  @Option(
      names = "--missing",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "WORD,...",
      description =
          "Words that stand for no value; a session or item of that name is a bad row. Default: NULL, null, NaN, nan, None, \\N, <NA>.")
  private List<String> missing = Format.MISSING;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Decides --split random. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      converter = NamedPath.class,
      required = true,
      paramLabel = "DATASET",
      description = "The dataset folder to write.")
  private Path out;

  @Option(
      names = "--force",
      description = "Replace the dataset that is at --out; it stays until the new one is whole.")
  private boolean force;

  @Mixin private ResourceOptions limits;
  @Mixin private ClusterOptions cluster;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    cluster.refuseSettingsAlone();
    ClickSource source =
        new ClickSource(
            LogOptions.format(format, columns, actions, attributes).withMissing(missing),
            LogFiles.of(clicks, System.in),
            LogFiles.of(buys, System.in),
            LogFiles.of(test, System.in),
            itemMap,
            items,
            ItemFile.idColumn(itemColumns, items != null));
    Prepare.Rules rules =
        new Prepare.Rules(
            protocol == null ? null : Protocol.of(protocol),
            split == null ? null : Split.parse(split),
            realTimes(),
            sessionGap,
            maxBadRows,
            seed);
    Prepare.Prepared prepared;
    try (TerminalProgress progress = new TerminalProgress()) {
      prepared = Prepare.run(source, rules, limits.resources(), out, force, progress);
    }
    OptionNames names = new OptionNames(spec.commandLine());
    List<String> warnings =
        prepared.notes().warnings().stream()
            .map(text -> new KasebException(text).message(names::show))
            .toList();
    json.write(PrepareFigures.of(prepared, warnings));
    new DatasetTable(spec.commandLine().getOut()).print(prepared.manifest());
    LogNotes notes = prepared.notes();
    if (notes.firstDay() != null) {
      spec.commandLine()
          .getOut()
          .printf("clicks from %s to %s%n", notes.firstDay(), notes.lastDay());
    }
    warnings.forEach(text -> spec.commandLine().getErr().println("Warning: " + text));
    spec.commandLine()
        .getOut()
        .printf(
            "%nPrepared %s in %.1f s.%nNext: %s%n",
            out, prepared.seconds(), NextCommand.afterPrepare(out));
    return 0;
  }

  private boolean realTimes() {
    List<String> known = List.of("real", "relative");
    if (!known.contains(times)) {
      throw KasebException.ofUnknown("times", times, known);
    }
    return times.equals("real");
  }

  /// The figures of `prepare` as JSON.
  record PrepareFigures(
      Part train,
      Part test,
      String protocol,
      @Nullable String firstDay,
      @Nullable String lastDay,
      List<String> warnings,
      double seconds) {
    /// One part's figures.
    record Part(long sessions, long events, long items) {
      static Part of(Manifest.Part part) {
        return new Part(part.sessions(), part.events(), part.items());
      }
    }

    private static @Nullable String text(@Nullable LocalDate day) {
      return day == null ? null : day.toString();
    }

    static PrepareFigures of(Prepare.Prepared prepared, List<String> warnings) {
      Manifest manifest = prepared.manifest();
      return new PrepareFigures(
          Part.of(manifest.train()),
          Part.of(manifest.test()),
          manifest.rules().protocol(),
          text(prepared.notes().firstDay()),
          text(prepared.notes().lastDay()),
          warnings,
          prepared.seconds());
    }
  }
}
