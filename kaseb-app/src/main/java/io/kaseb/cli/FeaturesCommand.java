package io.kaseb.cli;

import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.NamedPath;
import io.kaseb.cli.option.OutputFile;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.cli.usage.NextCommand;
import io.kaseb.pipeline.Features;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb features`: generates features, ranks and chooses them.
@Command(
    name = "features",
    mixinStandardHelpOptions = true,
    description =
        "Generates features of sessions from what a log has, ranks them, and chooses those that"
            + " help to forecast a goal. Looks at the dataset's train part alone.",
    footer = {
      "",
      "Example:",
      "  kaseb features shop --max-features 10 --out features.yaml --html features.html",
      "  kaseb train shop --config features.yaml --out shop.kaseb"
    })
final class FeaturesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      converter = NamedPath.class,
      paramLabel = "DATASET",
      description = "A folder that prepare wrote.")
  private Path dataset;

  @Option(
      names = "--goal",
      defaultValue = "purchase",
      paramLabel = "ACTION",
      description = "What is to be forecast (default: ${DEFAULT-VALUE}).")
  private String goal;

  @Option(
      names = "--max-features",
      defaultValue = "10",
      paramLabel = "N",
      description = "Choose so many at most (default: ${DEFAULT-VALUE}).")
  private int maxFeatures;

  @Option(
      names = "--max-ms",
      paramLabel = "MS",
      description =
          "What all chosen features may cost a forecast on this machine, in milliseconds. Bounded"
              + " by a clock, two runs may choose differently.")
  private double maxMillis = Double.POSITIVE_INFINITY;

  @Option(
      names = "--sessions",
      defaultValue = "20000",
      paramLabel = "N",
      description = "Look at so many sessions at most (default: ${DEFAULT-VALUE}).")
  private int sessions;

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "N",
      description = "Fixes everything random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @OutputFile(OutputFile.Kind.TEXT)
  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the configuration that train takes (YAML).")
  private @Nullable Path out;

  @OutputFile(OutputFile.Kind.PAGE)
  @Option(names = "--html", paramLabel = "FILE", description = "Write the report as a web page.")
  private @Nullable Path html;

  @Mixin private ThreadsOption threads;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    Features.Options options =
        new Features.Options(
            dataset, goal, maxFeatures, maxMillis, sessions, threads.count(), seed);
    Features.Found found;
    try (TerminalProgress progress = new TerminalProgress()) {
      found = Features.run(options, progress);
    }
    PrintWriter output = spec.commandLine().getOut();
    output.print(Features.text(found));
    json.write(found);
    if (html != null) {
      Features.writePage(found, command(), html);
      output.println("\nWrote " + html);
    }
    if (found.chosen().isEmpty()) {
      output.println("\nNo candidate helped on later sessions; the groups of features suffice.");
      return 0;
    }
    if (out != null) {
      Features.writeConfig(found, out);
      output.println("\nNext: " + NextCommand.afterTune(dataset.toString(), out));
    } else {
      output.println("\nNext: " + command() + " --out features.yaml");
    }
    return 0;
  }

  private String command() {
    return "kaseb features %s --goal %s --max-features %d --seed %d"
        .formatted(ShellWords.quoted(dataset), goal, maxFeatures, seed);
  }
}
