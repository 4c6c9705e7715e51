package io.kaseb.intentfit;

import io.kaseb.config.Feature;
import io.kaseb.data.AttributeColumn;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Signals;
import io.kaseb.event.Actions;
import io.kaseb.event.Attribute;
import io.kaseb.signal.Coding;
import io.kaseb.signal.LearnedSignals;
import io.kaseb.signal.Schema;
import io.kaseb.signal.SignalCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Learns from a training period what its events have beyond clicks: its actions, the vocabularies
/// and scales of its attributes.
final class SchemaFit {
  /// Values of an attribute that are told apart; rarer ones are missing.
  private static final int MOST_NAMES = 4_096;

  private SchemaFit() {}

  /// Returns what a model with these groups of features reads of a training period.
  static Schema of(LabelledSessions labelled, Set<Feature> features) {
    Signals signals = labelled.signals();
    List<Coding> codings = new ArrayList<>();
    for (AttributeColumn column : signals.attributes()) {
      Coding coding = coding(column, labelled);
      if (coding != null) {
        codings.add(coding);
      }
    }
    boolean visitors = Arrays.stream(signals.visitors().sessions()).anyMatch(n -> n >= 0);
    return new Schema(actions(labelled), codings, visitors).of(features);
  }

  /// The standard actions in their order, then own words, the more frequent first. A log of views
  /// of items alone has none to tell apart.
  private static List<String> actions(LabelledSessions labelled) {
    Signals signals = labelled.signals();
    if (signals.isClicksOnly()) {
      return List.of();
    }
    long[] counts = new long[signals.names().count()];
    boolean isMore = false;
    for (int e = 0; e < labelled.sessions().events(); e++) {
      counts[signals.action(e)]++;
      isMore |= labelled.sessions().items()[e] < 0 || signals.action(e) != Actions.VIEW;
    }
    if (!isMore) {
      return List.of();
    }
    int standard = Actions.STANDARD.size();
    return IntStream.range(0, counts.length)
        .filter(n -> counts[n] > 0)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingLong(n -> n < standard ? n - standard : 0)
                .thenComparingLong(n -> -counts[n])
                .thenComparingInt(n -> n))
        .map(signals.names()::word)
        .toList();
  }

  /// Returns an attribute's coding; null for one that says nothing: the same for all, or missing.
  private static @Nullable Coding coding(AttributeColumn column, LabelledSessions labelled) {
    Attribute attribute = column.attribute();
    if (attribute.kind() == Attribute.Kind.NUMBER) {
      boolean isTold = false;
      for (float x : column.numbers()) {
        isTold |= Float.isFinite(x) && x != column.numbers()[0];
        isTold |= Float.isFinite(x) != Float.isFinite(column.numbers()[0]);
      }
      return isTold ? Coding.ofNumbers(attribute, seen(column, labelled)) : null;
    }
    long[] counts = new long[column.names().size()];
    long missing = 0;
    for (int code : column.codes()) {
      if (code >= 0) {
        counts[code]++;
      } else {
        missing++;
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int n = 0; n < counts.length; n++) {
      if (counts[n] > 0) {
        order.add(n);
      }
    }
    boolean isWords = attribute.kind() == Attribute.Kind.WORDS;
    if (order.isEmpty() || (order.size() == 1 && missing == 0 && !isWords)) {
      return null;
    }
    Collections.sort(order, Comparator.comparingLong((Integer n) -> -counts[n]));
    return Coding.ofNames(
        attribute, order.stream().limit(MOST_NAMES).map(column.names()::get).toList());
  }

  /// Of items, the values of those that the sessions have: a table may list many others.
  private static float[] seen(AttributeColumn column, LabelledSessions labelled) {
    if (column.attribute().level() != Attribute.Level.ITEM) {
      return column.numbers();
    }
    int[] items =
        Arrays.stream(labelled.sessions().items())
            .filter(i -> i >= 0 && i < column.rows())
            .distinct()
            .toArray();
    float[] values = new float[items.length];
    for (int i = 0; i < items.length; i++) {
      values[i] = column.numbers()[items[i]];
    }
    return values;
  }

  /// Returns a schema's counts of no sessions, with the values of the model's items.
  static LearnedSignals empty(Schema schema, LabelledSessions labelled, int items) {
    if (schema.equals(Schema.NONE)) {
      return LearnedSignals.NONE;
    }
    List<float[]> tables = new ArrayList<>();
    for (Coding coding : schema.attributes()) {
      boolean isOfItems = coding.attribute().level() == Attribute.Level.ITEM;
      tables.add(isOfItems ? table(coding, labelled, items) : new float[0]);
    }
    return new LearnedSignals(schema, new SignalCounts(schema, items), tables);
  }

  private static float[] table(Coding coding, LabelledSessions labelled, int items) {
    CodedColumn column = CodedColumn.of(coding, labelled.signals().attributes());
    int width = LearnedSignals.kept(coding);
    float[] table = new float[items * width];
    float[] value = new float[coding.codes() + 2];
    for (int item = 0; item < items; item++) {
      coding.missing(value, 0);
      System.arraycopy(value, coding.isNumber() ? 0 : coding.codesAt(), table, item * width, width);
    }
    int rows = column == null ? 0 : column.values().rows();
    for (int row = 0; row < Math.min(rows, labelled.index().length); row++) {
      int item = labelled.index(row);
      if (column != null && item >= 0 && item < items) {
        column.write(row, value, 0);
        System.arraycopy(
            value, coding.isNumber() ? 0 : coding.codesAt(), table, item * width, width);
      }
    }
    return table;
  }
}
