package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import java.util.Locale;
import java.util.stream.Stream;

/// How a log becomes train and test: which sessions and items stay, and where the border lies. Each
/// is one row of rules; docs/file-formats.md says them in words.
public enum Protocol {
  /// The original GRU4Rec paper's: one filter pass, test = sessions that end in the last day.
  RSC15(new Filter(false, 2, 5, false), Border.SESSION_END, true),
  /// The official version's variants: no repeats, filter to a fixpoint, test = sessions that start
  /// in the last days, earlier events train.
  GRU4REC(new Filter(true, 2, 5, true), Border.SESSION_START_CUT, false),
  /// The RecSys Challenge 2015's: every session stays, even of one click.
  CHALLENGE(new Filter(false, 1, 1, false), Border.SESSION_END, false),
  /// No rules: the log is prepared already, and comes with its test or a split.
  NONE(new Filter(false, 1, 1, false), Border.SESSION_END, false);

  /// Which sessions and items stay.
  ///
  /// @param dropRepeats whether a click on the item just clicked is dropped (once, at the start)
  /// @param minSessionLength shorter sessions are dropped
  /// @param minItemSupport items with fewer clicks are dropped
  /// @param toFixpoint whether both are repeated until nothing changes; else: length, support,
  ///   length
  public record Filter(
      boolean dropRepeats, int minSessionLength, int minItemSupport, boolean toFixpoint) {}

  /// Which sessions a split by days gives to the test.
  public enum Border {
    /// Sessions whose last click lies in the last days; no session is cut.
    SESSION_END,
    /// Sessions whose first click lies in the last days; sessions across the border lose their
    /// later part.
    SESSION_START_CUT;

    /// Returns the name as the manifest writes it.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Filter filter;
  private final Border border;
  private final boolean dropUnseenTestItems;

  Protocol(Filter filter, Border border, boolean dropUnseenTestItems) {
    this.filter = filter;
    this.border = border;
    this.dropUnseenTestItems = dropUnseenTestItems;
  }

  /// Returns which sessions and items stay.
  public Filter filter() {
    return filter;
  }

  /// Returns which sessions a split by days gives to the test.
  public Border border() {
    return border;
  }

  /// Returns whether test clicks on items that train does not have are dropped.
  public boolean dropUnseenTestItems() {
    return dropUnseenTestItems;
  }

  /// Returns the split that applies where none is asked for and no test file is given.
  public Split split(Format format) {
    return switch (this) {
      case RSC15 -> new Split.Days(1);
      case GRU4REC -> new Split.Days(format.testDays());
      case CHALLENGE, NONE -> new Split.None();
    };
  }

  /// Returns the protocol of a name such as `rsc15`.
  public static Protocol of(String name) {
    var known = Stream.of(values()).map(Protocol::toString).toList();
    if (!known.contains(name)) {
      throw KasebException.ofUnknown("protocol", name, known);
    }
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /// Returns the name as users write it, such as `rsc15`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
