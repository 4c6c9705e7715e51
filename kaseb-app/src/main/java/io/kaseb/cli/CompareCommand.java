package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.option.EvalOptions;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.OutputFile;
import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.pipeline.Compare;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb compare`: models beside every baseline.
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Measures models beside every baseline on a dataset's test part.",
      "All answer the same predictions. The report has intervals, and the paired differences of the"
          + " first model from each other."
    },
    footer = {
      "",
      "Example:",
      "  kaseb compare hybrid.kaseb rsc15.kaseb rsc15 --html report.html \\",
      "    --json report.json"
    })
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "2..*",
      paramLabel = "MODEL... DATASET",
      hideParamSyntax = true,
      description = "Files that kaseb train wrote, the one that matters first; then the dataset.")
  private List<Path> paths = List.of();

  @OutputFile(OutputFile.Kind.PAGE)
  @Option(names = "--html", paramLabel = "FILE", description = "Write the report as a web page.")
  private @Nullable Path html;

  @Mixin private EvalOptions options;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    if (paths.size() < 2) {
      throw new KasebException("give at least one MODEL and a DATASET");
    }
    Compare.Result result;
    try (TerminalProgress progress = new TerminalProgress()) {
      result =
          Compare.run(
              paths.subList(0, paths.size() - 1),
              paths.getLast(),
              options.config(),
              command(),
              progress);
    }
    json.write(result.figures());
    PrintWriter out = spec.commandLine().getOut();
    out.println(result.report().text());
    if (html != null) {
      result.report().writeTo(html);
      out.println("Wrote " + html);
    }
    return 0;
  }

  private String command() {
    return "kaseb compare "
        + paths.stream().map(ShellWords::quoted).collect(Collectors.joining(" "))
        + options.command()
        + (html == null ? "" : " --html " + ShellWords.quoted(html));
  }
}
