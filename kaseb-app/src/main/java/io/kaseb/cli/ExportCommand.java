package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.NamedPath;
import io.kaseb.cli.option.OutputFile;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.compress.ModelForm;
import io.kaseb.eval.Difference;
import io.kaseb.eval.EvalConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.pipeline.Export;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb export`: a model in another form.
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a model in another form.",
      "int8: a model file with its item tables as bytes, a quarter of their size, refused where"
          + " recall or mrr fall by more than --max-loss on the dataset.",
      "float16: the same with floats of 16 bits, half of their size.",
      "low-rank: the same with item tables as products of two, --rank floats an item.",
      "pruned: the same with the --keep items that train clicks most; the others are unknown to it,"
          + " and their clicks are its misses.",
      "float32: floats as trained; --rank and --keep go with float32, float16 and int8 too.",
      "onnx: the next-item network, one click of any number of sessions; opset 17.",
      "onnx-items: which clicked items are bought, beside the graph of onnx, whose states it reads.",
      "onnx-purchases: the whole purchase forecast, from the rows of kaseb forecast --features.",
      "safetensors: the network's weights as GRU4Rec's PyTorch version names them."
    },
    footer = {
      "",
      "Examples:",
      "  kaseb export rsc15.kaseb --to int8 --against rsc15 --out small.kaseb",
      "  kaseb export rsc15.kaseb --to float16 --against rsc15 --out half.kaseb",
      "  kaseb export rsc15.kaseb --to low-rank --rank 64 \\",
      "    --against rsc15 --out low.kaseb",
      "  kaseb export rsc15.kaseb --to int8 --keep 0.5 --max-loss 0.1 \\",
      "    --against rsc15 --out few.kaseb",
      "  kaseb export rsc15.kaseb --to onnx --top 20 --out rsc15.onnx",
      "  kaseb export rsc15.kaseb --to onnx-items --out rsc15-items.onnx",
      "  kaseb export rsc15.kaseb --to onnx-purchases \\",
      "    --out rsc15-purchases.onnx",
      "  kaseb export rsc15.kaseb --to safetensors --out rsc15.safetensors"
    })
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A file that kaseb train wrote.")
  private Path model;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description =
          "int8, float16, float32, low-rank, pruned, onnx, onnx-items, onnx-purchases or"
              + " safetensors.")
  private String to;

  @OutputFile(OutputFile.Kind.WEIGHTS)
  @Option(
      names = "--out",
      converter = NamedPath.class,
      required = true,
      paramLabel = "FILE",
      description = "The new file.")
  private Path out;

  @Option(names = "--force", description = "Replace the model that is at --out.")
  private boolean force;

  @Option(
      names = "--against",
      paramLabel = "DATASET",
      description =
          "Smaller models: the dataset whose test part the loss is measured on, and whose train part"
              + " says which items are clicked most.")
  private @Nullable Path dataset;

  @Option(
      names = "--max-loss",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description =
          "Smaller models: the largest relative loss of recall@20 and mrr@20. Default: ${DEFAULT-VALUE}.")
  private double most;

  @Option(
      names = "--rank",
      paramLabel = "N",
      description =
          "Smaller models: floats of an item's row, fewer than it has; item tables become products.")
  private @Nullable Integer rank;

  @Option(
      names = "--keep",
      paramLabel = "N|SHARE",
      description =
          "Smaller models: the most clicked items, their number or a share of all as in 0.5; the"
              + " others are left out.")
  private @Nullable Double keep;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "20",
      description = "onnx: how many of the best items it names. Default: ${DEFAULT-VALUE}.")
  private int top;

  @Mixin private ThreadsOption threads;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    return switch (to) {
      case "int8" -> smaller(ModelFile.Tables.INT8);
      case "float16" -> smaller(ModelFile.Tables.FLOAT16);
      case "float32" ->
          smaller(ModelFile.Tables.FLOAT32, rank != null || keep != null, "rank or --keep");
      case "low-rank" -> smaller(ModelFile.Tables.FLOAT32, rank != null, "rank");
      case "pruned" -> smaller(ModelFile.Tables.FLOAT32, keep != null, "keep");
      case "onnx" -> written(Export.onnx(model, top, out));
      case "onnx-items" -> written(Export.onnxItems(model, out));
      case "onnx-purchases" -> purchases();
      case "safetensors" -> written(Export.safetensors(model, out));
      default ->
          throw KasebException.ofUnknown(
              "to",
              to,
              List.of(
                  "int8",
                  "float16",
                  "float32",
                  "low-rank",
                  "pruned",
                  "onnx",
                  "onnx-items",
                  "onnx-purchases",
                  "safetensors"));
    };
  }

  private int written(Export.Written figures) throws IOException {
    json.write(figures);
    PrintWriter output = spec.commandLine().getOut();
    warn(figures.leftOut());
    output.printf("Wrote %s: %,d bytes, %,d items.%n", out, figures.bytes(), figures.items());
    return 0;
  }

  private int purchases() throws IOException {
    Export.Stacked figures = Export.onnxPurchases(model, out);
    json.write(figures);
    warn(figures.leftOut());
    spec.commandLine()
        .getOut()
        .printf(
            "Wrote %s: %,d bytes, from %d features of a session and %d of an item.%n",
            out, figures.bytes(), figures.sessionFeatures(), figures.itemFeatures());
    return 0;
  }

  private void warn(List<String> leftOut) {
    if (!leftOut.isEmpty()) {
      spec.commandLine().getErr().println("Warning: left out: " + String.join("; ", leftOut));
    }
  }

  private int smaller(ModelFile.Tables tables, boolean told, String option) throws IOException {
    if (!told) {
      throw new KasebException("--to %s needs --%s".formatted(to, option));
    }
    return smaller(tables);
  }

  private int smaller(ModelFile.Tables tables) throws IOException {
    if (dataset == null) {
      throw new KasebException("--to " + to + " needs --against DATASET to measure what it costs");
    }
    ModelForm form =
        new ModelForm(tables, rank == null ? 0 : positive(rank), keep == null ? 1 : keep);
    EvalConfig config = EvalConfig.defaults().withThreads(threads.count());
    Export.Figures figures;
    try (TerminalProgress progress = new TerminalProgress()) {
      figures = Export.smaller(form, model, dataset, out, most, config, force, progress);
    }
    json.write(figures);
    PrintWriter output = spec.commandLine().getOut();
    for (Difference d : figures.differences()) {
      output.printf(
          Locale.ROOT,
          "%s: %+.5f%s, %+.2f %%%n",
          d.metric(),
          d.difference(),
          Double.isNaN(d.low())
              ? ""
              : String.format(Locale.ROOT, " [%+.5f, %+.5f]", d.low(), d.high()),
          100 * d.relative());
    }
    output.printf(
        "Wrote %s: %,d bytes, before %,d%s.%n",
        out,
        figures.bytes(),
        figures.bytesBefore(),
        figures.itemsLeftOut() == 0
            ? ""
            : String.format(Locale.ROOT, "; without %,d items", figures.itemsLeftOut()));
    return 0;
  }

  /// A rank of 0 would leave tables as they are.
  private static int positive(int rank) {
    if (rank < 1) {
      throw KasebException.ofSetting("rank", rank, "1 or more");
    }
    return rank;
  }
}
