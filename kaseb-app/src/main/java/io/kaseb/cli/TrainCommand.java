package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.option.ConfigOptions;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.NamedPath;
import io.kaseb.cli.option.OutputFile;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.EpochTable;
import io.kaseb.cli.terminal.StopOnInterrupt;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.cli.usage.NextCommand;
import io.kaseb.model.PurchaseTraining;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Train;
import io.kaseb.pipeline.TrainModel;
import io.kaseb.train.TrainFigures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb train`: trains a model on a dataset.
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Trains a model on a dataset and writes it as one file.",
    footer = {
      "",
      "Examples:",
      "  kaseb train rsc15 --out rsc15.kaseb --valid 0.1",
      "  kaseb train rsc15 --out bpr.kaseb --set loss=bpr-max --set layers=224 \\",
      "    --set n_epochs=5",
      "  kaseb train rsc15 --out xe.kaseb \\",
      "    --gru4rec-params loss=cross-entropy,layers=100,n_epochs=5",
      "  kaseb train rsc15 --preset retailrocket-2026 --out core.kaseb",
      "  kaseb train rsc15 --model hybrid --out hybrid.kaseb",
      "  kaseb train rsc15 --model vmis-knn --out knn.kaseb --set knn_sample=1000",
      "  kaseb train rsc15 --distill hybrid.kaseb --out student.kaseb",
      "  kaseb train today --init yesterday.kaseb --out today.kaseb"
    })
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATASET", description = "A folder that kaseb prepare wrote.")
  private Path dataset;

  @OutputFile(OutputFile.Kind.MODEL)
  @Option(
      names = "--out",
      converter = NamedPath.class,
      required = true,
      paramLabel = "MODEL",
      description = "The model file.")
  private Path out;

  @Option(
      names = "--model",
      paramLabel = "KIND",
      defaultValue = "gru4rec",
      description =
          "What to train: gru4rec, hybrid (with session-kNN), ranker (a hybrid's candidates put in order by boosted trees), ensemble (of seeds), or, counted without a network, vstan, stan, vmis-knn, vs-knn, sequential-rules, markov, item-knn, session-popularity, popularity. Default: ${DEFAULT-VALUE}.")
  private String model;

  @Option(
      names = "--networks",
      paramLabel = "N",
      defaultValue = "3",
      description = "Networks of an ensemble. Default: ${DEFAULT-VALUE}.")
  private int networks;

  @Option(
      names = "--init",
      paramLabel = "MODEL",
      description = "Start from this model's weights; its items stay, new ones are added.")
  private @Nullable Path init;

  @Option(
      names = "--distill",
      converter = NamedPath.class,
      paramLabel = "TEACHER",
      description =
          "The network also learns what this model of the same items, of any kind, would answer after each click; the key distill of docs/configuration.md.")
  private @Nullable Path teacher;

  @Option(
      names = "--valid",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Hold back this share of the latest sessions, report on them after each epoch, and keep the epoch of the best mrr@20. Default: none.")
  private double valid;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "With --valid: stop when mrr@20 has not risen for N epochs; the best one is kept. Default: never.")
  private int patience;

  @Option(
      names = "--goal",
      paramLabel = "ACTION,...",
      defaultValue = "purchase",
      description =
          "What sessions are to be forecast for: purchase, cart or any other action of the log, or several; the first is the main one. Default: ${DEFAULT-VALUE}.")
  private String goals;

  @Option(
      names = "--resume",
      description = "Go on from MODEL.checkpoint, which every epoch leaves until the run ends.")
  private boolean resume;

  @Option(
      names = "--force",
      description = "Replace the model that is at --out; it stays until the new one is whole.")
  private boolean force;

  @Mixin private ThreadsOption threads;

  @Mixin private ConfigOptions config;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    PrintWriter output = spec.commandLine().getOut();
    config.warnOfMeaningless(model, spec.commandLine().getErr());
    ConfigFile.Resolved resolved = config.resolve(spec.commandLine().getErr());
    Train.Options options =
        Train.Options.of(dataset, out, resolved.config(), threads.count())
            .withValid(valid)
            .withInit(init)
            .withResume(resume)
            .withIntent(resolved.intent())
            .withPatience(patience)
            .withGoals(List.of(goals.split(",")));
    if (teacher != null) {
      options = options.withConfig(options.config().with(Map.of("distill", teacher.toString())));
    }
    if (resume && !Files.exists(out) && !TrainModel.isUnfinished(out)) {
      spec.commandLine()
          .getErr()
          .println("kaseb: no run of " + out + " is unfinished; it is trained from the start.");
    }
    EpochTable table = new EpochTable(output);
    TrainFigures figures;
    try (StopOnInterrupt stop = StopOnInterrupt.start();
        TerminalProgress progress = new TerminalProgress()) {
      figures =
          TrainModel.run(
              new TrainModel.Options(model, options, resolved.knn(), networks),
              force,
              table,
              progress,
              stop);
      if (figures == null) {
        output.printf(
            "Stopped. The epochs done are kept beside %s; the same command with --resume goes on.%n",
            out);
        output.flush();
        return 1;
      }
    }
    List<String> warnings = warnings(figures);
    json.write(figures.with(warnings));
    int done = figures.epochs().size();
    if (patience > 0 && done < resolved.config().nEpochs()) {
      output.printf(
          "Stopped after epoch %d of %d: mrr@20 has not risen since epoch %d.%n",
          done, resolved.config().nEpochs(), figures.bestEpoch());
    }
    printPurchase(output, figures.purchase());
    warnings.forEach(text -> spec.commandLine().getErr().println("Warning: " + text));
    output.printf(
        "%nTrained %s in %.1f s%s%s.%nNext: %s%n",
        out,
        figures.seconds(),
        figures.epochs().isEmpty()
            ? ""
            : String.format(" (%,.0f events/s)", figures.eventsPerSecond()),
        valid > 0 ? ", weights of epoch " + figures.bestEpoch() : "",
        NextCommand.afterTrain(out, dataset));
    return 0;
  }

  /// Returns the warnings, with the names of options of any command.
  private static List<String> warnings(TrainFigures figures) {
    OptionNames names = new OptionNames(Main.commandLine());
    return figures.warnings().stream()
        .map(text -> new KasebException(text).message(names::show))
        .toList();
  }

  private static void printPurchase(PrintWriter output, @Nullable PurchaseTraining purchase) {
    if (purchase == null) {
      return;
    }
    if (!purchase.trained()) {
      output.printf(
          "%nNo purchase forecast: %s. The next-item model alone is kept.%n", purchase.reason());
      return;
    }
    output.printf("%npurchase forecast  epoch  train loss  valid log loss  sessions/s%n");
    for (PurchaseTraining.Epoch e : purchase.epochs()) {
      output.printf(
          Locale.ROOT,
          "network %-9d  %5d  %10.4f  %14.4f  %,10.0f%n",
          e.net() + 1,
          e.epoch(),
          e.loss(),
          e.validLoss(),
          e.sessions() / Math.max(e.seconds(), 1e-9));
    }
  }
}
