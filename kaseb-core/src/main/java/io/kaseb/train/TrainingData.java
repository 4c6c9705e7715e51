package io.kaseb.train;

import io.kaseb.base.KasebException;
import io.kaseb.config.ValidationShare;
import io.kaseb.data.Dataset;
import io.kaseb.data.OpenDataset;
import io.kaseb.event.Attribute;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import io.kaseb.network.ItemParts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A dataset's train part as a network takes it: in the model's own item indices, with the latest
/// sessions held back where validation is asked for.
///
/// @param catalogue the model's items: those of the model it starts from, then the new ones
/// @param train sessions to train on
/// @param valid sessions held back, without items that train lacks; empty where none are
/// @param counts events in `train` of each item of the catalogue
/// @param index the catalogue's number of each item of the dataset, negative where it lacks one
public record TrainingData(
    Catalogue catalogue, Sessions train, Sessions valid, long[] counts, int[] index) {
  /// Takes a dataset's train part.
  ///
  /// @param share of sessions to hold back, 0 for none
  /// @param start items of the model that training starts from, or null
  public static TrainingData of(Dataset dataset, double share, @Nullable Catalogue start) {
    Sessions all = dataset.train();
    int border = new ValidationShare(share).checkedBorder(all.count());
    Sessions train = share > 0 ? all.slice(0, border) : all;
    Sessions valid = share > 0 ? all.slice(border, all.count()) : Sessions.EMPTY;
    if (!anyPair(train)) {
      throw new KasebException(
          all.events() == 0 && all.count() > 0
              ? "the log has no items, so there is no next item to learn; prepare it with an item column, such as that of the page: %s"
                  .formatted(KasebException.setting("columns", "session=visit,item=page,type=page"))
              : "no training session has two clicks, so there is no next item to learn; prepare more sessions");
    }
    Catalogue catalogue = catalogue(dataset, train, start);
    int[] index = dataset.trainCatalogue().indicesIn(catalogue);
    Sessions mapped = train.renumbered(index);
    return new TrainingData(
        catalogue,
        mapped,
        valid.renumbered(index).known(),
        mapped.itemCounts(catalogue.size()),
        index);
  }

  /// Clicks an item on average above which rows learn better by themselves, as a simulated shop
  /// with 36 an item shows; with 2, as in REES46's log, they learn much from their like.
  private static final int MOST_CLICKS = 10;

  /// Returns what rows of the catalogue's items have in common by their attributes; null where the
  /// dataset has none of items or more than 10 clicks an item, without reading anything.
  public @Nullable ItemParts parts(OpenDataset dataset) {
    boolean any =
        dataset.manifest().attributes().stream()
            .anyMatch(a -> a.parsed().level() == Attribute.Level.ITEM);
    if (!any || train.events() > (long) MOST_CLICKS * catalogue.size()) {
      return null;
    }
    ItemParts parts =
        ItemFields.of(dataset.labelledTrain().signals().attributes(), index, counts).parts();
    return parts.count() == 0 ? null : parts;
  }

  private static boolean anyPair(Sessions sessions) {
    for (int s = 0; s < sessions.count(); s++) {
      if (sessions.length(s) > 1) {
        return true;
      }
    }
    return false;
  }

  private static Catalogue catalogue(Dataset dataset, Sessions train, @Nullable Catalogue start) {
    long[] counts = train.itemCounts(dataset.trainItems());
    boolean all = Arrays.stream(counts).allMatch(n -> n > 0);
    if (start == null && all) {
      return dataset.trainCatalogue();
    }
    Set<String> ids = new LinkedHashSet<>(start == null ? Set.of() : start.ids());
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        ids.add(dataset.catalogue().id(i));
      }
    }
    return Catalogue.of(new ArrayList<>(ids));
  }
}
