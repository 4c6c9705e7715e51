package io.kaseb.compress;

import io.kaseb.base.KasebException;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The form in which a trained model is kept.
///
/// @param tables how the item tables are stored
/// @param rank floats of an item's row in tables that are stored as products, 0 for tables as they
///   are
/// @param keep of the items those that were clicked most: a share of them up to 1, which is all, or
///   their number from 2 on
public record ModelForm(ModelFile.Tables tables, int rank, double keep) {
  /// As `train` writes it.
  public static final ModelForm TRAINED = of(ModelFile.Tables.FLOAT32);

  /// Checks rank and items.
  public ModelForm {
    if (rank < 0) {
      throw KasebException.ofSetting("rank", rank, "0 or more; 0 leaves tables as they are");
    }
    if (!(keep > 0) || (keep > 1 && keep != Math.rint(keep)) || keep > Integer.MAX_VALUE) {
      throw KasebException.ofSetting(
          "keep", number(keep), "a share of the items above 0 and up to 1, or their number from 2");
    }
  }

  /// Returns the form of a model as it was trained, but for how its tables are stored.
  public static ModelForm of(ModelFile.Tables tables) {
    return new ModelForm(tables, 0, 1);
  }

  /// Returns how tables are stored, as settings name it.
  public String storage() {
    return tables.name().toLowerCase(Locale.ROOT);
  }

  /// Returns the number or share of items that are kept, as settings have it.
  public String kept() {
    return number(keep);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /// Returns what the form is called, as in `int8, rank 32, 50 % of the items`.
  public String name() {
    List<String> parts = new ArrayList<>();
    if (tables != ModelFile.Tables.FLOAT32 || (rank == 0 && keep == 1)) {
      parts.add(storage());
    }
    if (rank > 0) {
      parts.add("rank " + rank);
    }
    if (keep > 1) {
      parts.add(kept() + " items");
    } else if (keep < 1) {
      parts.add(number(Math.round(1e4 * keep) / 1e2) + " % of the items");
    }
    return String.join(", ", parts);
  }

  /// Returns the form that this one is of a network whose widest item row and whose catalogue are
  /// of these sizes: a rank or a number of items that is no smaller leaves them as they are.
  ///
  /// @param model with a network
  public ModelForm within(ModelFile model) {
    boolean narrow = rank < LowRank.widest(model.shape());
    boolean fewer = keep < model.catalogue().size();
    return new ModelForm(tables, narrow ? rank : 0, fewer ? keep : 1);
  }

  /// Returns a model in this form. What is left out of it is left out for good.
  ///
  /// @param model with a network; left as it is
  /// @param train sessions of train in the model's item indices, with [Sessions#UNKNOWN] for items
  ///   that it lacks: by them it is known which items are clicked most
  /// @throws KasebException where there are fewer items, or no wider rows
  public ModelFile made(ModelFile model, Sessions train) {
    int items = model.catalogue().size();
    if (keep > 1 && keep > items) {
      throw KasebException.ofSetting(
          "keep", kept(), "2..%d: so many items has the model".formatted(items));
    }
    int most = keep > 1 ? (int) keep : (int) Math.max(1, Math.round(keep * items));
    ModelFile smaller = model;
    if (most < items) {
      smaller = KeptItems.part(model, KeptItems.mostClicked(train.itemCounts(items), most));
    }
    if (rank > 0) {
      smaller = LowRank.of(smaller, rank);
    }
    return smaller.as(tables);
  }
}
