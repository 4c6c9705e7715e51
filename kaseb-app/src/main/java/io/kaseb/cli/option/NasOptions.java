package io.kaseb.cli.option;

import io.kaseb.base.KasebException;
import io.kaseb.config.Cell;
import io.kaseb.config.KeyType;
import io.kaseb.config.TrainConfig;
import io.kaseb.nas.OneShot;
import io.kaseb.nas.Shapes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a search among architectures with shared weights.
public final class NasOptions {
  private static final String ONE_SHOT = "one-shot";

  @Option(
      names = "--nas",
      paramLabel = "KIND",
      description =
          "one-shot: search the architecture alone, with shared weights. One network that holds all"
              + " others is trained, each step one of them; all are measured as its parts; the best"
              + " are trained by themselves. No experiment: only --config, --set, --valid,"
              + " --valid-sessions, --share, --threads, --json and the options below belong to it.")
  private @Nullable String kind;

  @Option(
      names = "--nas-cells",
      paramLabel = "NAME,...",
      split = ",",
      description = "One cell or two of gru, lstm and mgu to choose from. Default: gru,lstm.")
  private @Nullable List<String> cells;

  @Option(
      names = "--nas-layers",
      paramLabel = "N,...",
      split = ",",
      description = "Numbers of layers to choose from. Default: 1,2.")
  private @Nullable List<Integer> depths;

  @Option(
      names = "--nas-widths",
      paramLabel = "N,...",
      split = ",",
      description =
          "Units of a layer to choose from, as in 32,64,96. Default: a quarter, half, three quarters"
              + " and all of the configuration's widest layer.")
  private @Nullable List<Integer> widths;

  @Option(
      names = "--nas-epochs",
      paramLabel = "N",
      description = "Epochs of the network that holds all. Default: twice n_epochs.")
  private @Nullable Integer epochs;

  @Option(
      names = "--nas-evaluations",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "How many networks to measure with shared weights; where there are more, evolution chooses"
              + " them. Default: ${DEFAULT-VALUE}.")
  private int evaluations;

  @Option(
      names = "--nas-top",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How many of the best to train by themselves, beside the configuration's own. Default:"
              + " ${DEFAULT-VALUE}.")
  private int top;

  @Option(
      names = "--rank-check",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Train so many networks, drawn at random, by themselves, and say how well shared weights"
              + " order them; 20 is a good number. Where they do, space.json names those that a"
              + " search may begin with. Default: none.")
  private int check;

  /// Returns whether such a search is wanted.
  public boolean wanted() {
    if (kind != null && !kind.equals(ONE_SHOT)) {
      throw KasebException.ofUnknown("nas", kind, List.of(ONE_SHOT));
    }
    boolean others = cells != null || depths != null || widths != null || epochs != null;
    if (kind == null && (others || check != 0)) {
      throw new KasebException(
          "--rank-check and the options that begin with --nas- belong to --nas one-shot: add it, or"
              + " leave them out");
    }
    return kind != null;
  }

  /// Returns the shapes to choose among.
  public Shapes shapes(TrainConfig config) {
    return Shapes.around(
        config,
        cells == null ? null : cells.stream().map(NasOptions::cell).toList(),
        depths,
        widths);
  }

  private static Cell cell(String name) {
    return Arrays.stream(Cell.values())
        .filter(cell -> KeyType.text(cell).equals(name.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                KasebException.ofUnknown(
                    "nas_cells", name, Arrays.stream(Cell.values()).map(KeyType::text).toList()));
  }

  /// Returns how much to do.
  public OneShot.Limits limits(TrainConfig config) {
    return new OneShot.Limits(
        epochs == null ? 2 * config.nEpochs() : epochs, evaluations, top, check);
  }
}
