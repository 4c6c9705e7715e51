package io.kaseb.nas;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a search with shared weights came to; `tune --nas one-shot --json` writes it.
///
/// @param networks how many networks share the weights
/// @param ranking those that were measured with shared weights, best first
/// @param winner the best of those that were trained by themselves
/// @param base the configuration's own network
/// @param check how well shared weights order networks; null where that was not asked
/// @param epochs of the network that holds all
/// @param sharedSeconds time of its training
/// @param seconds time of everything
public record OneShotFigures(
    int networks,
    List<Row> ranking,
    Row winner,
    Row base,
    @Nullable RankCheck check,
    int epochs,
    double sharedSeconds,
    double seconds) {
  /// A network.
  ///
  /// @param name in words
  /// @param keys as the configuration says it
  /// @param shared mrr@20 with shared weights; null where it was not measured or is no part
  /// @param own its own training; null where it had none
  public record Row(
      String name, Map<String, String> keys, @Nullable Double shared, @Nullable Trained own) {}

  /// A network's own training, from random weights.
  ///
  /// @param mrr20 at its best epoch
  /// @param recall20 at that epoch
  /// @param epoch its best epoch
  /// @param seconds all its epochs took, measuring apart
  public record Trained(double mrr20, double recall20, int epoch, double seconds) {
    /// Returns the same with another time.
    Trained withSeconds(double all) {
      return new Trained(mrr20, recall20, epoch, all);
    }
  }
}
