package io.kaseb.tune.study;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A sampler or pruner that a [MethodSpec] can name.
interface MethodName {
  /// Returns its names: the one that is shown, then others that are understood.
  List<String> texts();

  /// The samplers.
  enum SamplerName implements MethodName {
    AUTO("Auto"),
    TPE("TPE"),
    RANDOM("Random"),
    GRID_SEARCH("GridSearch", "Grid"),
    GP("GP", "GPTuner"),
    SMAC("SMAC", "Forest"),
    CMA_ES("CMA-ES", "CmaEsSampler"),
    NSGA_II("NSGA-II", "NSGAIISampler"),
    SOBOL("Sobol", "QMC", "QMCSampler"),
    EVOLUTION("Evolution"),
    REGULARIZED_EVOLUTION("RegularizedEvolution"),
    ANNEAL("Anneal"),
    PBT("PBT", "PBTTuner"),
    HYPERBAND("Hyperband"),
    BOHB("BOHB");

    private final List<String> texts;

    SamplerName(String... texts) {
      this.texts = List.of(texts);
    }

    @Override
    public List<String> texts() {
      return texts;
    }
  }

  /// The pruners.
  enum PrunerName implements MethodName {
    NONE("None"),
    MEDIAN_STOP("Medianstop", "Median"),
    PERCENTILE("Percentile"),
    PATIENT("Patient"),
    THRESHOLD("Threshold"),
    WILCOXON("Wilcoxon"),
    CURVE_FITTING("Curvefitting"),
    ASHA("ASHA"),
    HYPERBAND("Hyperband");

    private final List<String> texts;

    PrunerName(String... texts) {
      this.texts = List.of(texts);
    }

    @Override
    public List<String> texts() {
      return texts;
    }
  }

  /// Returns the names that are shown.
  static List<String> shown(MethodName[] all) {
    return Arrays.stream(all).map(name -> name.texts().getFirst()).toList();
  }

  /// Returns what a text names, in any case and with `_` or `-` anywhere.
  ///
  /// @param what for the message where it names nothing
  /// @param all what it may name
  static <N extends MethodName> N of(String what, String text, N[] all) {
    for (N name : all) {
      if (name.texts().stream().anyMatch(t -> key(t).equals(key(text)))) {
        return name;
      }
    }
    throw new IllegalArgumentException(what + " " + text + "; must be one of " + shown(all));
  }

  private static String key(String text) {
    return text.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }
}
