package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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

  /// Checks that there are clicks, and that no file is named twice.
  public ClickSource {
    clicks = List.copyOf(clicks);
    buys = List.copyOf(buys);
    test = List.copyOf(test);
    if (clicks.isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("clicks"), null, null, "name at least one file of clicks"));
    }
    refuseTwice(clicks);
    refuseTwice(buys);
    refuseTwice(test);
  }

  private static void refuseTwice(List<Path> files) {
    Map<Path, Path> seen = new HashMap<>();
    for (Path file : files) {
      Path before = seen.putIfAbsent(real(file), file);
      if (before != null) {
        throw new KasebException(
            new KasebException.Problem(
                LogFiles.label(file),
                file.equals(before)
                    ? "is named twice"
                    : "is the same file as " + LogFiles.label(before),
                null,
                "name it once: its rows would count twice"));
      }
    }
  }

  /// Returns a file's own place, whatever links lead to it; a pipe has none.
  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath().normalize();
    }
  }

  /// Refuses files of clicks that are named as files of purchases too: the purchases of a log are
  /// read along with its clicks, and would count twice.
  ///
  /// @throws KasebException naming the first
  public void refuseClicksAsBuys() {
    Set<Path> clicked = new HashSet<>();
    Stream.concat(clicks.stream(), test.stream()).forEach(file -> clicked.add(real(file)));
    for (Path file : buys) {
      if (clicked.contains(real(file))) {
        throw new KasebException(
            new KasebException.Problem(
                LogFiles.label(file),
                "is a file of clicks too",
                null,
                "leave it out of "
                    + KasebException.setting("buys")
                    + ": purchases that stand among the clicks are read along"));
      }
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
