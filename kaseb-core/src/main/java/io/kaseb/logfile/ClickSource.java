package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of one click log.
///
/// @param format what kind of log it is
/// @param clicks files of clicks, in order; at least one
/// @param buys files of purchases, in the log's own format or in YOOCHOOSE's layout (session, time,
///   item, price, quantity; no header); their rows go with the part that has their session
/// @param test files of test clicks; empty where the test is split off
/// @param itemMap tab-separated file `index, item id` that names the items of the click files, or
///   null
/// @param items table of items with their attributes: CSV with a header, Parquet or JSON lines; or
///   null
/// @param itemId its column of item ids; null for the first one
public record ClickSource(
    Format format,
    List<Path> clicks,
    List<Path> buys,
    List<Path> test,
    @Nullable Path itemMap,
    @Nullable Path items,
    @Nullable String itemId) {
  /// Creates the source of a log without an item table.
  public ClickSource(
      Format format, List<Path> clicks, List<Path> buys, List<Path> test, @Nullable Path itemMap) {
    this(format, clicks, buys, test, itemMap, null, null);
  }

  /// Checks that there are clicks.
  public ClickSource {
    clicks = List.copyOf(clicks);
    buys = List.copyOf(buys);
    test = List.copyOf(test);
    if (clicks.isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("clicks"), null, null, "name at least one file of clicks"));
    }
  }

  /// Returns the same files read in another way.
  public ClickSource with(Format other) {
    return new ClickSource(other, clicks, buys, test, itemMap, items, itemId);
  }

  /// Returns the source of clicks alone.
  public static ClickSource of(Format format, Path clicks) {
    return new ClickSource(format, List.of(clicks), List.of(), List.of(), null);
  }
}
