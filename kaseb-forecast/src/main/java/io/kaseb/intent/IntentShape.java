package io.kaseb.intent;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaseb.kernel.Kernels;
import io.kaseb.signal.Coding;
import org.jspecify.annotations.Nullable;

/// The sizes of the recurrent intent network and where each of its weights lies in one flat array.
///
/// An event's input row is `[category embedding | embeddings of attributes | item embedding |
/// numbers | 1]`, padded; the 1 is the bias's input. Gate blocks of the GRU are r, z, candidate.
///
/// @param items items with an embedding
/// @param embedding floats of an item's embedding, 0 without the group `item`
/// @param categories categories with an embedding, the last being all others; 0 without the group
/// @param numbers numbers of an event, see [ClickInputs]
/// @param units units of the GRU
/// @param itemUnits hidden units of the item head
/// @param signals what it has for events beyond clicks; null without any
public record IntentShape(
    int items,
    int embedding,
    int categories,
    int numbers,
    int units,
    int itemUnits,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SignalShape signals) {
  private static final int MOST = 8_192;

  /// Creates the shape of a network that reads clicks alone.
  public IntentShape(
      int items, int embedding, int categories, int numbers, int units, int itemUnits) {
    this(items, embedding, categories, numbers, units, itemUnits, null);
  }

  /// Checks the sizes.
  public IntentShape {
    boolean inputsFit = embedding >= 0 && embedding <= MOST && numbers >= 0 && numbers <= MOST;
    boolean categoriesFit = categories >= 0 && categories <= IntentModel.MOST_CATEGORIES + 1;
    boolean unitsFit = units >= 1 && units <= MOST && itemUnits >= 1 && itemUnits <= MOST;
    if (items < 0 || !inputsFit || !categoriesFit || !unitsFit) {
      throw new IllegalArgumentException(
          "a purchase network of items=%d, embedding=%d, categories=%d, numbers=%d, units=%d, item_units=%d"
              .formatted(items, embedding, categories, numbers, units, itemUnits));
    }
  }

  /// Floats of a category's embedding.
  public static final int CATEGORY_FLOATS = 8;

  /// Returns where the embeddings of attributes start in an input row.
  public int signalsAt() {
    return categories > 0 ? CATEGORY_FLOATS : 0;
  }

  /// Returns how many attributes have embeddings.
  public int tables() {
    return signals == null ? 0 : signals.tables().size();
  }

  /// Returns where the item's embedding starts in an input row.
  public int itemAt() {
    return signalsAt() + tables() * Coding.EMBEDDING;
  }

  /// Returns where the numbers start in an input row.
  public int numbersAt() {
    return itemAt() + embedding;
  }

  /// Returns where the bias's input, 1, lies in an input row.
  int biasAt() {
    return numbersAt() + numbers;
  }

  /// Returns the floats of an input row with the bias's, padded with zeros.
  public int inputs() {
    return Kernels.pad(biasAt() + 1);
  }

  /// Returns the numbers that the item head reads besides two states, with the bias's.
  public int itemNumbers() {
    return ItemInputs.COUNT + (signals == null ? 0 : signals.itemNumbers()) + 1;
  }

  /// Input weights [3 units x inputs].
  public int wx() {
    return 0;
  }

  /// Recurrent weights [3 units x units].
  public int wh() {
    return wx() + 3 * units * inputs();
  }

  /// Bias inside the reset of the candidate [units].
  public int bh() {
    return wh() + 3 * units * units;
  }

  /// Session heads [2 x (units + 1)]: no more clicks come; not known whether more come.
  public int session() {
    return bh() + units;
  }

  /// Item head, from the session's state [itemUnits x units].
  public int itemState() {
    return session() + 2 * (units + 1);
  }

  /// Item head, from the state at the item's last click [itemUnits x units].
  public int itemClick() {
    return itemState() + itemUnits * units;
  }

  /// Item head, from the item's numbers [itemUnits x itemNumbers].
  public int itemNumber() {
    return itemClick() + itemUnits * units;
  }

  /// Item head, output [itemUnits + 1].
  public int itemOut() {
    return itemNumber() + itemUnits * itemNumbers();
  }

  /// Category embeddings [categories x CATEGORY_FLOATS].
  public int category() {
    return itemOut() + itemUnits + 1;
  }

  /// Projection of the next-item loss [embedding x (units + 1)].
  public int next() {
    return category() + categories * CATEGORY_FLOATS;
  }

  /// Embeddings of an attribute's values [rows x Coding.EMBEDDING].
  public int table(int t) {
    int start = next() + embedding * (units + 1);
    return signals == null ? start : start + signals.at(t);
  }

  /// Returns the number of weights, item embeddings apart.
  public int size() {
    return table(tables());
  }
}
