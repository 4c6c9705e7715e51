package io.kaseb.serve;

import io.kaseb.serve.http.Problem;
import io.kaseb.serve.session.IdHash;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Which models are served and who gets which: replaced as a whole, so that one request sees one
/// state of affairs. Immutable.
///
/// @param models by name
/// @param shares percent of sessions by model name, two of them that make 100; empty where all
///   sessions take `default`
record Deployment(Map<String, ServedModel> models, Map<String, Integer> shares) {
  /// What a request that named a model has for a variant.
  static final String PINNED = "pinned";

  /// Copies the maps.
  Deployment {
    models = Map.copyOf(models);
    shares = Map.copyOf(shares);
  }

  /// A model for a request.
  ///
  /// @param variant `a` or `b` of the split, `a` where there is none, or `pinned`
  record Pick(ServedModel model, String variant) {}

  /// Picks a session's model: always the same one for the same id while the shares stay.
  ///
  /// @param session its id, or null for one without
  /// @param name the model that the request names, or null
  Pick pick(@Nullable String session, @Nullable String name) {
    if (name != null) {
      return new Pick(model(name), PINNED);
    }
    if (shares.isEmpty()) {
      return new Pick(model(ServeConfig.ModelFiles.DEFAULT), "a");
    }
    List<Map.Entry<String, Integer>> arms = arms();
    long hash = session == null ? ThreadLocalRandom.current().nextLong() : IdHash.of(session);
    boolean isFirst = Math.floorMod(hash, 10_000) < arms.getFirst().getValue() * 100;
    return new Pick(model(arms.get(isFirst ? 0 : 1).getKey()), isFirst ? "a" : "b");
  }

  /// Returns both arms, `default` first, else by name.
  List<Map.Entry<String, Integer>> arms() {
    return shares.entrySet().stream()
        .sorted(
            Comparator.comparing(
                (Map.Entry<String, Integer> e) ->
                    e.getKey().equals(ServeConfig.ModelFiles.DEFAULT) ? "" : e.getKey()))
        .toList();
  }

  private ServedModel model(String name) {
    ServedModel served = models.get(name);
    if (served == null) {
      throw Problem.field(
          "model", "no model has this name; there are " + String.join(", ", names()));
    }
    return served;
  }

  /// Returns all names in order.
  List<String> names() {
    return models.keySet().stream().sorted().toList();
  }
}
