package io.kaseb.data;

import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import java.io.IOException;
import java.nio.file.Path;

/// A prepared dataset in memory: what training and evaluation read.
///
/// Items are numbered so that those seen in train come first: an event of `test` whose item index
/// is `trainItems` or more is unknown to any model trained on `train`.
///
/// @param catalogue all items, those of train first
/// @param trainItems how many items occur in train
/// @param train the training sessions, ordered by start (by line where there are no times)
/// @param test the test sessions, in the same order; may be empty
public record Dataset(Catalogue catalogue, int trainItems, Sessions train, Sessions test) {
  /// Reads a dataset folder that `kaseb prepare` wrote. Who needs its [Manifest] too, or purchases,
  /// takes an [OpenDataset].
  public static Dataset load(Path folder, Workers workers) throws IOException {
    return OpenDataset.of(folder, workers).dataset();
  }

  /// Returns this dataset, to measure on.
  ///
  /// @param place where it comes from, for the error
  /// @throws KasebException where it has no test part
  public Dataset withTest(Object place) {
    if (test.count() == 0) {
      throw new KasebException(
          new KasebException.Problem(
              place.toString(),
              "has no test part",
              null,
              "prepare it again with %s or %s"
                  .formatted(
                      KasebException.setting("test", "FILE"),
                      KasebException.setting("split", "time:0.1"))));
    }
    return this;
  }

  /// Returns the items that occur in train.
  public Catalogue trainCatalogue() {
    return catalogue.first(trainItems);
  }
}
