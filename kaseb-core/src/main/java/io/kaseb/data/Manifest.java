package io.kaseb.data;

import io.kaseb.base.Hashes;
import io.kaseb.base.Json;
import io.kaseb.base.JsonFault;
import io.kaseb.base.KasebException;
import io.kaseb.event.Actions;
import io.kaseb.event.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What `dataset.json` says of a dataset: where it came from, by which rules, and what it holds. It
/// has no wall-clock time: equal inputs give an equal manifest.
///
/// @param formatVersion version of the folder's layout, [#FORMAT_VERSION]
/// @param version Kaseb's version that wrote it
/// @param datasetHash SHA-256 over the data files' hashes
/// @param times `real`, `relative` (the time of day means nothing) or `none`
/// @param rules every rule with its value
/// @param sources the log files
/// @param train what the train part holds
/// @param test what the test part holds
/// @param items items in all
/// @param trainItems items that occur in train; they have the lowest numbers
/// @param cleaning what was left out or noticed
/// @param files the data files
/// @param actions the events' actions, as [io.kaseb.event.Actions] orders them; none where all
///   events are clicks
/// @param attributes what else is known of events, sessions, users and items, in the log's order
/// @param users how many users the sessions have; 0 or null where they are not known
public record Manifest(
    int formatVersion,
    String version,
    String datasetHash,
    String times,
    Rules rules,
    List<Source> sources,
    Part train,
    Part test,
    int items,
    int trainItems,
    Cleaning cleaning,
    List<Source> files,
    List<Action> actions,
    List<AttributeCount> attributes,
    @Nullable Long users) {
  /// The version of the folder's layout that this Kaseb writes, and the newest that it reads.
  public static final int FORMAT_VERSION = 2;

  /// The manifest's file name.
  public static final String FILE = "dataset.json";

  /// Gives older manifests, which know no actions and attributes, none.
  public Manifest {
    actions = Objects.requireNonNullElse(actions, List.of());
    attributes = Objects.requireNonNullElse(attributes, List.of());
  }

  /// The rules of preparation.
  ///
  /// @param format the log's format
  /// @param protocol the protocol's name
  /// @param split how the test was split off: `none`, `test file`, `days:N`, `time:S`, `random:S`
  /// @param border what a split by days goes by: `session_end` or `session_start_cut`
  /// @param sessionGapSeconds a longer gap starts a new session; 0: never
  /// @param dropRepeats whether clicks on the item just clicked were dropped
  /// @param minSessionLength shorter sessions were dropped
  /// @param minItemSupport items with fewer clicks were dropped
  /// @param filterToFixpoint whether both filters were repeated until nothing changed
  /// @param dropUnseenTestItems whether test clicks on items unseen in train were dropped
  /// @param duplicates what happens to clicks that are there twice: `kept`
  /// @param carts what happens to cart events: `kept` (version 1: `left out`)
  /// @param order what orders clicks in a session: `time, then place in the log`
  /// @param timeZone always `UTC`
  /// @param seed decided a split by chance
  public record Rules(
      String format,
      String protocol,
      String split,
      String border,
      int sessionGapSeconds,
      boolean dropRepeats,
      int minSessionLength,
      int minItemSupport,
      boolean filterToFixpoint,
      boolean dropUnseenTestItems,
      String duplicates,
      String carts,
      String order,
      String timeZone,
      long seed) {}

  /// An action of events, with how many of them train and test have.
  ///
  /// @param word its word
  public record Action(String word, long train, long test) {}

  /// An attribute, with how many of its rows lack a value.
  ///
  /// @param attribute name, kind and level, as [io.kaseb.event.Attribute] writes them
  /// @param rows its events, sessions or items
  /// @param missing those of them without a value
  public record AttributeCount(String attribute, long rows, long missing) {
    /// Returns the name of an attribute's column in the dataset's tables.
    public static String column(Attribute attribute) {
      return "attribute." + attribute.name();
    }

    /// Returns the attribute.
    public Attribute parsed() {
      return Attribute.parse(attribute).getFirst();
    }
  }

  /// A file, by its name, size in bytes and SHA-256.
  public record Source(String name, long bytes, String sha256) {}

  /// What a part holds.
  ///
  /// @param sessions sessions
  /// @param events clicks; other actions are counted in `actions`
  /// @param items distinct items clicked
  /// @param buyers sessions with a purchase
  /// @param purchases purchase rows
  /// @param clickedPurchases purchase rows of an item that the session clicked
  public record Part(
      long sessions, long events, long items, long buyers, long purchases, long clickedPurchases) {}

  /// What was left out or noticed.
  ///
  /// @param badRows rows that could not be used
  /// @param firstBadRows the first of them, as `file:line: reason`
  /// @param duplicateClicks clicks that repeat session, item and time of another
  /// @param strayPurchases purchases of sessions without clicks, left out
  /// @param unmappedItems items that the item map lacks
  public record Cleaning(
      long badRows,
      List<String> firstBadRows,
      long duplicateClicks,
      long strayPurchases,
      long unmappedItems) {}

  /// Returns whether any event is a click.
  public boolean hasClicks() {
    return train.events() + test.events() > 0;
  }

  /// Returns whether any event is a view; where none is, every event with an item is a click.
  public boolean hasViews() {
    return actions.isEmpty() || actions.stream().anyMatch(a -> a.word().equals("view"));
  }

  /// Returns whether users are known.
  public boolean hasUsers() {
    return users != null && users > 0;
  }

  /// Returns the actions of the events, numbered; the usual ones where all events are clicks.
  public Actions actionNames() {
    return Actions.of(actions.stream().map(Action::word).toList());
  }

  /// Reads a dataset's manifest and checks that every data file is there in full size.
  public static Manifest read(Path dataset) throws IOException {
    Path file = dataset.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new KasebException(
          new KasebException.Problem(
              dataset.toString(),
              "is no dataset (it has no " + FILE + ")",
              null,
              "prepare one from a click log"));
    }
    Manifest manifest = parse(file);
    for (Source part : manifest.files) {
      Path data = dataset.resolve(part.name);
      if (!Files.isRegularFile(data)) {
        throw broken(data, "the file is missing", null);
      }
      if (Files.size(data) != part.bytes) {
        throw broken(
            data,
            "has %,d bytes, must have %,d; the file is damaged"
                .formatted(Files.size(data), part.bytes),
            null);
      }
    }
    return manifest;
  }

  /// Reads a manifest's file alone; its data files need not be near.
  public static Manifest parse(Path file) {
    try {
      JsonNode json = Json.MAPPER.readTree(file.toFile());
      int version = json.path("format_version").asInt(0);
      if (version > FORMAT_VERSION) {
        throw new KasebException(
            new KasebException.Problem(
                file.toString(),
                "format_version=%d; this Kaseb reads up to %d".formatted(version, FORMAT_VERSION),
                null,
                "use a newer Kaseb"));
      }
      return Json.MAPPER.treeToValue(json, Manifest.class);
    } catch (JacksonException e) {
      throw broken(file, "is damaged (%s)".formatted(JsonFault.of(e)), e);
    }
  }

  static KasebException broken(Path place, String what, @Nullable Throwable cause) {
    return new KasebException(
        new KasebException.Problem(place.toString(), what, null, "prepare the dataset again"),
        cause);
  }

  /// Reads every data file in full and compares its hash; fails at the first that differs.
  public void verify(Path dataset) throws IOException {
    for (Source part : files) {
      if (!Hashes.sha256(dataset.resolve(part.name)).equals(part.sha256)) {
        throw broken(
            dataset.resolve(part.name), "its content has changed since it was prepared", null);
      }
    }
  }
}
