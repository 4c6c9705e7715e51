package io.kaseb.pipeline;

import io.kaseb.base.Workers;
import io.kaseb.data.AttributeColumn;
import io.kaseb.data.Dataset;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.OpenDataset;
import io.kaseb.data.Purchases;
import io.kaseb.event.Attribute;
import io.kaseb.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Takes some sessions out of a dataset, to be looked at one by one, and what it knows of its
/// items. They come from the test part, which no model was trained on, where there is one.
public final class SampleSessions {
  private static final int FEWEST_EVENTS = 3;
  private static final int MOST_EVENTS = 40;

  /// Items that are described at most: those that were clicked first.
  private static final int MOST_ITEMS = 200_000;

  private SampleSessions() {}

  /// Sessions of a dataset.
  ///
  /// @param part `test`, or `train` where there is no test part
  /// @param sessions those that bought and those that did not in turns, as far as there are both
  /// @param items what is known of items by their ids: the category of the latest click, and values
  ///   of attributes of items by their names; items of which nothing is known are not among them
  public record Sample(
      String part, List<Sampled> sessions, Map<String, Map<String, Object>> items) {
    /// Copies the lists.
    public Sample {
      sessions = List.copyOf(sessions);
      items = Collections.unmodifiableMap(items);
    }
  }

  /// A session.
  ///
  /// @param events what happened before the purchase, with the attributes of events and items
  /// @param attributes values of attributes of the session and its user
  /// @param bought ids of the items that it bought; none where it bought nothing
  public record Sampled(List<Event> events, Map<String, Object> attributes, Set<String> bought) {
    /// Copies the list.
    public Sampled {
      events = List.copyOf(events);
    }
  }

  /// Draws sessions of 3 to 40 events.
  ///
  /// @param count how many at most
  /// @param seed the same seed draws the same sessions
  public static Sample draw(Path folder, int count, long seed, Workers workers) throws IOException {
    OpenDataset open = OpenDataset.of(folder, workers);
    Dataset dataset = open.dataset();
    boolean isTest = dataset.test().count() > 0;
    LabelledSessions labelled = (isTest ? open.labelledTest() : open.labelledTrain()).live();
    List<String> ids = dataset.catalogue().ids();
    List<Integer> buyers = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int s = 0; s < labelled.count(); s++) {
      int events = labelled.sessions().end(s) - labelled.sessions().start(s);
      if (events >= FEWEST_EVENTS && events <= MOST_EVENTS) {
        (labelled.purchases().any(s) ? buyers : others).add(s);
      }
    }
    Random random = new Random(seed);
    Collections.shuffle(buyers, random);
    Collections.shuffle(others, random);
    List<Sampled> sampled = new ArrayList<>();
    for (int i = 0; i < Math.max(buyers.size(), others.size()) && sampled.size() < count; i++) {
      for (List<Integer> of : List.of(buyers, others)) {
        if (i < of.size() && sampled.size() < count) {
          LoggedSession session = new LoggedSession(labelled, ids, of.get(i));
          sampled.add(
              new Sampled(
                  session.events(),
                  session.attributes(),
                  bought(labelled.purchases(), session.number(), ids)));
        }
      }
    }
    return new Sample(isTest ? "test" : "train", sampled, items(labelled, ids));
  }

  private static Set<String> bought(Purchases purchases, int session, List<String> ids) {
    Set<String> bought = new LinkedHashSet<>();
    for (int r = purchases.offsets()[session]; r < purchases.offsets()[session + 1]; r++) {
      if (purchases.items()[r] >= 0) {
        bought.add(ids.get(purchases.items()[r]));
      }
    }
    return bought;
  }

  private static Map<String, Map<String, Object>> items(
      LabelledSessions labelled, List<String> ids) {
    int n = Math.min(ids.size(), MOST_ITEMS);
    List<Map<String, Object>> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add(new LinkedHashMap<>());
    }
    for (int e = 0; e < labelled.sessions().events(); e++) {
      int item = labelled.sessions().items()[e];
      if (item >= 0 && item < n && labelled.categories()[e] >= 0) {
        values.get(item).put("category", labelled.categoryNames().get(labelled.categories()[e]));
      }
    }
    for (AttributeColumn column : labelled.signals().attributes()) {
      if (column.attribute().level() == Attribute.Level.ITEM) {
        for (int i = 0; i < Math.min(n, column.rows()); i++) {
          Object value = LoggedSession.value(column, i);
          if (value != null) {
            values.get(i).put(column.attribute().name(), value);
          }
        }
      }
    }
    Map<String, Map<String, Object>> items = new LinkedHashMap<>();
    for (int i = 0; i < n; i++) {
      if (!values.get(i).isEmpty()) {
        items.put(ids.get(i), values.get(i));
      }
    }
    return items;
  }
}
