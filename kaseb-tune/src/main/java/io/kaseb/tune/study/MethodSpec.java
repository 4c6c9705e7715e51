package io.kaseb.tune.study;

import io.kaseb.tune.space.Choice;
import java.util.LinkedHashMap;
import java.util.Map;

/// A sampler or pruner by its name and arguments, as NNI's `tuner` and `assessor`.
///
/// @param name as in `TPE`, in any case
/// @param args `classArgs`: numbers, texts and truth values by name
public record MethodSpec(String name, Map<String, Object> args) {
  /// Copies the arguments.
  public MethodSpec {
    Map<String, Object> plain = new LinkedHashMap<>();
    args.forEach((k, v) -> plain.put(k, Choice.plain(v)));
    args = Map.copyOf(plain);
  }

  /// Creates a specification without arguments.
  ///
  /// @param name of a sampler or pruner, such as `TPE`
  /// @return one whose arguments are all at their defaults
  public static MethodSpec of(String name) {
    return new MethodSpec(name, Map.of());
  }
}
