package io.kaseb.cli;

import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.NamedPath;
import io.kaseb.cli.option.OutputFile;
import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.pipeline.Import;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb import`: a model out of another tool's weights.
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a model of a network that GRU4Rec's PyTorch version trained.",
      "WEIGHTS is its state dict, saved as safetensors. Cell, layers and embedding are told by"
          + " names and shapes."
    },
    footer = {
      "",
      "Examples:",
      "  kaseb import gru4rec.safetensors --items items.txt --out gru4rec.kaseb",
      "  kaseb train today --init gru4rec.kaseb --out today.kaseb"
    })
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "WEIGHTS", description = "A safetensors file.")
  private Path weights;

  @Option(
      names = "--items",
      paramLabel = "FILE",
      description =
          "Text with an item id a line, in the order of the tables' rows. Default: those that the file has, as one that kaseb export wrote.")
  private @Nullable Path items;

  @OutputFile(OutputFile.Kind.MODEL)
  @Option(
      names = "--out",
      converter = NamedPath.class,
      required = true,
      paramLabel = "MODEL",
      description = "The model file.")
  private Path out;

  @Option(
      names = "--force",
      description = "Replace the model that is at --out; it stays until the new one is whole.")
  private boolean force;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    Import.Imported found = Import.run(weights, items, out, force);
    json.write(found);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "Imported %s: %s of %s units, %s embedding, %,d items.%nNext: kaseb serve %s%n",
            out,
            found.cell(),
            found.layers(),
            found.embedding(),
            found.items(),
            ShellWords.quoted(out));
    return 0;
  }
}
