package io.kaseb.cli.option;

import io.kaseb.baseline.ModelKinds;
import io.kaseb.baseline.SessionKnn;
import io.kaseb.config.KnnKeys;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.store.Presets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that decide a training configuration.
public final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML or JSON of hyper-parameters; see docs/configuration.md.")
  private @Nullable Path file;

  @Option(
      names = "--gru4rec-params",
      paramLabel = "TEXT|FILE",
      description =
          "What GRU4Rec's official version is started with: its -ps, as in loss=bpr-max,layers=100/100, or its -pf, a Python file. What it leaves out is as GRU4Rec has it. Instead of --config.")
  private @Nullable String gru4rec;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      completionCandidates = PresetNames.class,
      description =
          "A configuration that comes with Kaseb, found on a public log: ${COMPLETION-CANDIDATES}. Instead of --config.")
  private @Nullable String preset;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One hyper-parameter, as in layers=100 or loss=bpr-max; may be repeated.")
  private List<String> sets = List.of();

  @Option(names = "--seed", paramLabel = "N", description = "Fixes everything random. Default: 42.")
  private @Nullable Long seed;

  /// What `--preset` may name.
  static final class PresetNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Presets.NAMES.iterator();
    }
  }

  /// Warns of settings given one by one that a model without a network does not have; a file may
  /// serve several kinds.
  ///
  /// @param kind what is trained
  public void warnOfMeaningless(String kind, PrintWriter warnings) {
    List<String> meaningless =
        sets.stream()
            .map(set -> set.split("=", 2)[0])
            .filter(key -> !SessionKnn.KINDS.contains(kind) || !KnnKeys.TABLE.claims(key))
            .toList();
    if (ModelKinds.SIMPLE.contains(kind) && !meaningless.isEmpty()) {
      warnings.println(
          "kaseb: without meaning for "
              + kind
              + ", which is counted from the sessions: "
              + String.join(", ", meaningless));
    }
  }

  /// Resolves the configuration and warns of keys that mean nothing here.
  ///
  /// @param defaults settings of the command's own, which hold where the user begins with nothing
  ///   else
  public ConfigFile.Resolved resolve(PrintWriter warnings, String... defaults) throws IOException {
    ConfigFile.Start start = new ConfigFile.Start(file, gru4rec, preset);
    List<String> all = new ArrayList<>(start.isEmpty() ? List.of(defaults) : List.of());
    all.addAll(sets);
    if (seed != null) {
      all.add("seed=" + seed);
    }
    ConfigFile.Resolved read = start.resolve(all);
    if (!read.ignored().isEmpty()) {
      warnings.println(
          "kaseb: without meaning here, ignored: " + String.join(", ", read.ignored()));
    }
    return read;
  }
}
