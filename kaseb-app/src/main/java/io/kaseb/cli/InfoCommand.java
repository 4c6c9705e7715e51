package io.kaseb.cli;

import io.kaseb.KasebException;
import io.kaseb.data.Manifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb info`: what a file or folder of Kaseb's holds, where it came from, whether it is whole.
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = "Says what a dataset holds, where it came from, and whether it is whole.",
    footer = {"", "Example:", "  kaseb info rsc15"})
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATASET", description = "A folder that kaseb prepare wrote.")
  private Path path;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(path)) {
      throw new KasebException(path + ": no such file or folder");
    }
    if (Files.isDirectory(path)) {
      dataset();
      return 0;
    }
    throw new KasebException(path + ": is nothing that kaseb wrote; give a dataset folder");
  }

  private void dataset() throws IOException {
    Manifest manifest = Manifest.read(path);
    manifest.verify(path);
    json.write(manifest);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: dataset, hash %s%n%n", path, manifest.datasetHash().substring(0, 12));
    new DatasetTable(out).print(manifest);
    out.printf("%nMade by kaseb %s of%n", manifest.version());
    for (Manifest.Source source : manifest.sources()) {
      out.printf(
          "  %s (%,d bytes, sha256 %s)%n",
          source.name(), source.bytes(), source.sha256().substring(0, 12));
    }
    out.printf("Whole: all %d data files have the recorded hashes.%n", manifest.files().size());
  }
}
