package io.kaseb.baseline;

import io.kaseb.base.KasebException;
import io.kaseb.config.KnnSettings;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.Sessions;
import java.util.List;
import java.util.Map;

/// Every kind of next-item model: its name, how it is counted from sessions, and how it comes out
/// of a model file.
public final class ModelKinds {
  /// The kinds that are counted from the sessions, without a network, best first.
  public static final List<String> SIMPLE =
      List.of(
          SessionKnn.VSTAN_KIND,
          SessionKnn.STAN_KIND,
          SessionKnn.VMIS_KIND,
          SessionKnn.VS_KIND,
          SequentialRules.KIND,
          Markov.KIND,
          ItemKnn.KIND,
          Popularity.SESSION_KIND,
          Popularity.KIND);

  /// The kinds with networks.
  public static final List<String> NETWORKS =
      List.of(ModelFile.GRU4REC, Hybrid.KIND, Ranker.KIND, Ensemble.KIND);

  private ModelKinds() {}

  /// Checks the name of a kind.
  public static String checked(String kind) {
    if (!SIMPLE.contains(kind) && !NETWORKS.contains(kind)) {
      throw KasebException.ofSetting(
          "model",
          kind,
          "one of " + String.join(", ", NETWORKS) + ", " + String.join(", ", SIMPLE));
    }
    return kind;
  }

  /// Counts a simple model from sessions.
  ///
  /// @param kind one of [#SIMPLE]
  /// @param train sessions in order of time, whose items all lie in the catalogue
  /// @param settings session-kNN's, for the kinds that take them
  public static NextItemModel count(
      String kind, Catalogue catalogue, Sessions train, KnnSettings settings) {
    return switch (kind) {
      case SessionKnn.VSTAN_KIND, SessionKnn.STAN_KIND, SessionKnn.VMIS_KIND, SessionKnn.VS_KIND ->
          SessionKnn.of(kind, catalogue, train, settings);
      case SequentialRules.KIND -> SequentialRules.of(catalogue, train);
      case Markov.KIND -> Markov.of(catalogue, train);
      case ItemKnn.KIND -> ItemKnn.of(catalogue, train);
      case Popularity.SESSION_KIND -> Popularity.ofSession(catalogue, train);
      case Popularity.KIND -> Popularity.of(catalogue, train);
      default -> throw new IllegalArgumentException(kind + " is not counted from sessions");
    };
  }

  /// Returns the published settings of a kind that has session-kNN in it.
  public static KnnSettings settings(String kind) {
    return switch (kind) {
      case SessionKnn.VS_KIND -> KnnSettings.VS_KNN;
      case SessionKnn.STAN_KIND -> KnnSettings.STAN;
      case SessionKnn.VSTAN_KIND -> KnnSettings.VSTAN;
      default -> KnnSettings.VMIS_KNN;
    };
  }

  /// Returns a simple model's or a hybrid's numbers beside its network's tensors.
  public static StoredArrays numbers(NextItemModel model) {
    return switch (model) {
      case CountedModel counted -> counted.numbers();
      case Hybrid hybrid -> hybrid.numbers();
      case Ranker ranker -> ranker.numbers();
      default -> new StoredArrays(Map.of(), Map.of());
    };
  }

  /// Returns the model of a file, ready to score.
  ///
  /// @throws KasebException where this Kaseb does not know the kind, or numbers are missing
  public static NextItemModel of(ModelFile file) {
    StoredArrays numbers = new StoredArrays(file.tensors(), file.ints());
    return switch (file.kind()) {
      case ModelFile.GRU4REC -> file.model();
      case Ensemble.KIND -> Ensemble.read(file);
      case Hybrid.KIND -> hybrid(file, numbers);
      case Ranker.KIND -> Ranker.read(hybrid(file, numbers), numbers);
      case SessionKnn.VSTAN_KIND, SessionKnn.STAN_KIND, SessionKnn.VMIS_KIND, SessionKnn.VS_KIND ->
          knn(file.kind(), file, numbers);
      case SequentialRules.KIND, Markov.KIND, ItemKnn.KIND ->
          PairModel.read(file.kind(), file.catalogue(), numbers);
      case Popularity.SESSION_KIND, Popularity.KIND ->
          Popularity.read(file.kind(), file.catalogue(), numbers);
      default ->
          throw new KasebException(
              new KasebException.Problem(
                  null,
                  "a model of kind " + file.kind() + ", which this Kaseb does not know",
                  null,
                  "use a newer Kaseb"));
    };
  }

  private static Hybrid hybrid(ModelFile file, StoredArrays numbers) {
    return Hybrid.of(
        file.model(), knn(SessionKnn.VMIS_KIND, file, numbers), HybridWeights.read(numbers));
  }

  private static SessionKnn knn(String kind, ModelFile file, StoredArrays numbers) {
    KnnSettings settings = file.config().knn();
    if (settings == null) {
      throw new KasebException("the model file lacks session-kNN's settings; train it again");
    }
    return SessionKnn.read(kind, file.catalogue(), settings, numbers);
  }
}
