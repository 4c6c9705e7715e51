package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.terminal.DatasetTable;
import io.kaseb.cli.terminal.EpochTable;
import io.kaseb.data.Manifest;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.model.Architecture;
import io.kaseb.model.ModelFile;
import io.kaseb.search.Experiments;
import io.kaseb.search.Tune;
import io.kaseb.search.TuneFigures;
import io.kaseb.search.TunePlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `kaseb info`: what a file or folder of Kaseb's holds, where it came from, whether it is whole.
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description =
        "Says what a dataset, model or experiment holds, where it came from, and whether it is whole.",
    footer = {"", "Examples:", "  kaseb info rsc15", "  kaseb info rsc15.kaseb"})
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DATASET|MODEL|EXPERIMENT",
      description = "What kaseb prepare, kaseb train or kaseb tune wrote.")
  private Path path;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(path)) {
      throw new KasebException(
          new KasebException.Problem(path.toString(), "no such file or folder", null, null));
    }
    if (Experiments.isOne(path)) {
      experiment();
      return 0;
    }
    if (Files.isDirectory(path)) {
      dataset();
      return 0;
    }
    model();
    return 0;
  }

  private void experiment() throws IOException {
    TuneFigures figures = Experiments.figures(path);
    json.write(figures);
    PrintWriter out = spec.commandLine().getOut();
    TunePlan plan = TunePlan.read(path);
    out.printf("%s: experiment on %s (hash %.12s)%n%n", path, plan.dataset(), plan.datasetHash());
    out.print(Tune.text(path, figures));
    out.flush();
  }

  private void model() throws IOException {
    ModelFile model = ModelFile.read(path);
    json.write(
        new ModelFigures(
            model.kind(),
            model.architecture(),
            model.catalogue().size(),
            model.int8(),
            model.config().json(),
            model.provenance().json(),
            model.metrics().json()));
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: model, %s%n%n", path, model.kind());
    Architecture shape = model.architecture();
    if (shape != null) {
      out.printf(
          "%s, layers %s, embedding %s%s%s%n",
          shape.cell(),
          shape.layers().stream().map(String::valueOf).collect(Collectors.joining(", ")),
          shape.embedding().name().toLowerCase(Locale.ROOT),
          switch (model.tables()) {
            case FLOAT32 -> "";
            case FLOAT16 -> ", float16 tables";
            case INT8 -> ", int8 tables";
          },
          shape.rank() == 0 ? "" : ", tables as products of rank " + shape.rank());
    }
    out.printf("%,d items, %,d bytes%n", model.catalogue().size(), Files.size(path));
    PurchaseForecaster purchases = PurchaseForecaster.of(model);
    if (purchases != null) {
      out.printf("forecasts: %s%n", String.join(", ", purchases.goals().keySet()));
    }
    print("configuration", model.config().json());
    print("made by", model.provenance().json());
    EpochTable epochs = new EpochTable(out);
    model.metrics().epochs().forEach(epochs::ended);
    if (model.metrics().hybrid() != null) {
      out.println(model.metrics().hybrid());
    }
    out.println("Whole: its content has the recorded checksum.");
  }

  private void print(String title, JsonNode values) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%n%s%n", title);
    values.properties().forEach(e -> print(e.getKey(), e.getValue(), "  "));
    out.println();
  }

  private void print(String key, JsonNode value, String indent) {
    PrintWriter out = spec.commandLine().getOut();
    if (value.isObject() && !value.isEmpty()) {
      out.printf("%s%s%n", indent, key);
      value.properties().forEach(e -> print(e.getKey(), e.getValue(), indent + "  "));
      return;
    }
    String text =
        value.isArray()
            ? value.valueStream().map(InfoCommand::text).collect(Collectors.joining(", "))
            : text(value);
    out.printf("%s%-" + (24 - indent.length()) + "s %s%n", indent, key, text);
  }

  private static String text(JsonNode value) {
    return value.isNull() || value.isMissingNode()
        ? "-"
        : value.isValueNode() ? value.asString() : value.toString();
  }

  /// A model's facts as JSON.
  record ModelFigures(
      String kind,
      @Nullable Architecture architecture,
      int items,
      boolean int8,
      JsonNode config,
      JsonNode provenance,
      JsonNode metrics) {}

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
