package io.kaseb.spark;

import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of a log, each of which all machines see under the same name.
///
/// @param clicks files of clicks, in order
/// @param test files of test clicks; empty where the test is split off
/// @param buys files of purchases
/// @param items table of items with their attributes, or null
/// @param itemId its column of item ids; null for its own
/// @param itemMap table that gives the items of the click files other ids, or null
public record LogInput(
    List<String> clicks,
    List<String> test,
    List<String> buys,
    @Nullable String items,
    @Nullable String itemId,
    @Nullable String itemMap) {
  /// Copies the lists.
  public LogInput {
    clicks = List.copyOf(clicks);
    test = List.copyOf(test);
    buys = List.copyOf(buys);
  }

  /// Returns files of clicks, of the test and of purchases.
  public static LogInput of(List<String> clicks, List<String> test, List<String> buys) {
    return new LogInput(clicks, test, buys, null, null, null);
  }

  /// Returns these files with an item table.
  ///
  /// @param id its column of item ids; null for its own
  public LogInput withItems(@Nullable String table, @Nullable String id) {
    return new LogInput(clicks, test, buys, table, id, itemMap);
  }

  /// Returns these files with a map of items.
  public LogInput withItemMap(@Nullable String map) {
    return new LogInput(clicks, test, buys, items, itemId, map);
  }

  /// Returns the same files as one machine names them, checked as it checks them.
  ClickSource source(Format format) {
    ClickSource source =
        new ClickSource(
            format,
            paths(clicks),
            paths(buys),
            paths(test),
            itemMap == null ? null : Path.of(itemMap),
            items == null ? null : Path.of(items),
            itemId);
    source.refuseClicksAsBuys();
    return source;
  }

  private static List<Path> paths(List<String> names) {
    return names.stream().map(Path::of).toList();
  }

  /// Returns every file once, in the order in which one machine reads them.
  List<String> all() {
    List<String> all = new ArrayList<>();
    if (items != null) {
      all.add(items);
    }
    all.addAll(clicks);
    all.addAll(test);
    all.addAll(buys);
    if (itemMap != null) {
      all.add(itemMap);
    }
    return all.stream().distinct().toList();
  }
}
