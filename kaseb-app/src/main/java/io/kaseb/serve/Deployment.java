package io.kaseb.serve;

import io.kaseb.serve.http.Problem;
import io.kaseb.serve.session.IdHash;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which models are served and who gets which: replaced as a whole, so that one request sees one
/// state of affairs. Immutable.
///
/// @param models by name
/// @param shares percent of sessions by model name, two of them that make 100; empty where all
///   sessions take `default`
/// @param shadows names of models that are asked and not answered
/// @param before the model that each name had before, for the way back
record Deployment(
    Map<String, ServedModel> models,
    Map<String, Integer> shares,
    Set<String> shadows,
    Map<String, ServedModel> before) {
  /// What a request that named a model has for a variant.
  static final String PINNED = "pinned";

  /// Copies the maps.
  Deployment {
    models = Map.copyOf(models);
    shares = Map.copyOf(shares);
    shadows = Set.copyOf(shadows);
    before = Map.copyOf(before);
  }

  /// Models without shadows, and without a way back.
  Deployment(Map<String, ServedModel> models, Map<String, Integer> shares) {
    this(models, shares, Set.of(), Map.of());
  }

  /// Returns the same with other shares.
  Deployment withShares(Map<String, Integer> other) {
    return new Deployment(models, other, shadows, before);
  }

  /// Returns the same with a model under a name, new or in use.
  Deployment with(ServedModel model, boolean isShadow) {
    Map<String, ServedModel> all = new HashMap<>(models);
    Map<String, ServedModel> back = new HashMap<>(before);
    ServedModel replaced = all.put(model.name(), model);
    if (replaced != null) {
      back.put(model.name(), replaced);
    }
    Set<String> aside = new HashSet<>(shadows);
    if (isShadow) {
      aside.add(model.name());
    } else {
      aside.remove(model.name());
    }
    return new Deployment(all, shares, aside, back);
  }

  /// Returns the same without a model.
  Deployment without(String name) {
    Map<String, ServedModel> all = new HashMap<>(models);
    Map<String, ServedModel> back = new HashMap<>(before);
    Set<String> aside = new HashSet<>(shadows);
    all.remove(name);
    back.remove(name);
    aside.remove(name);
    return new Deployment(all, shares, aside, back);
  }

  /// Returns the same with other models in the places of the present ones.
  Deployment withEach(UnaryOperator<ServedModel> change) {
    Map<String, ServedModel> all = new HashMap<>();
    models.forEach((name, model) -> all.put(name, change.apply(model)));
    return new Deployment(all, shares, shadows, before);
  }

  /// Returns whether every model knows an item from its training.
  boolean isKnownEverywhere(String item) {
    return models.values().stream()
        .map(ServedModel::forecaster)
        .allMatch(f -> f.catalogue().index(item) >= 0 && !f.isNew(f.catalogue().index(item)));
  }

  private List<ServedModel> asked(ServedModel answering) {
    return shadows.isEmpty()
        ? List.of()
        : shadows.stream().map(models::get).filter(m -> m != null && m != answering).toList();
  }

  private Pick picked(ServedModel model, String variant) {
    return new Pick(model, variant, asked(model));
  }

  /// A model for a request.
  ///
  /// @param variant `a` or `b` of the split, `a` where there is none, or `pinned`
  /// @param shadows models that are asked too
  record Pick(ServedModel model, String variant, List<ServedModel> shadows) {}

  /// Picks a session's model: always the same one for the same id while the shares stay.
  ///
  /// @param session its id, or null for one without
  /// @param name the model that the request names, or null
  Pick pick(@Nullable String session, @Nullable String name) {
    if (name != null) {
      return picked(model(name), PINNED);
    }
    if (shares.isEmpty()) {
      return picked(model(ServeConfig.ModelFiles.DEFAULT), "a");
    }
    List<Map.Entry<String, Integer>> arms = arms();
    long hash = session == null ? ThreadLocalRandom.current().nextLong() : IdHash.of(session);
    boolean isFirst = Math.floorMod(hash, 10_000) < arms.getFirst().getValue() * 100;
    return picked(model(arms.get(isFirst ? 0 : 1).getKey()), isFirst ? "a" : "b");
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
