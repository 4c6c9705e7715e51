package io.kaseb.feature;

import io.kaseb.event.Actions;
import io.kaseb.feature.SessionFacts.Over;
import io.kaseb.feature.SessionFacts.Rate;
import io.kaseb.signal.Coding;
import io.kaseb.signal.Cross;
import io.kaseb.signal.Schema;
import io.kaseb.signal.SignalState;
import io.kaseb.signal.SignalState.Place;
import io.kaseb.signal.VisitorPast;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.ToDoubleFunction;

/// The values of generated features. Each reads what the session's state holds already: nothing
/// walks over a session's events a second time.
public final class GeneratedFeatures {
  private final Schema schema;
  private final List<ToDoubleFunction<SessionFacts>> values = new ArrayList<>();

  /// Prepares the generated features of a schema.
  ///
  /// @throws IllegalArgumentException naming one that is none, or one that the schema lacks
  public GeneratedFeatures(Schema schema) {
    this(schema, schema.generated().names());
  }

  /// Prepares some features of a schema.
  ///
  /// @throws IllegalArgumentException naming one that is none, or one that the schema lacks
  public GeneratedFeatures(Schema schema, List<String> names) {
    this.schema = schema;
    for (String name : names) {
      values.add(value(name));
    }
  }

  /// Returns the names that a schema has all parts of, in their order.
  ///
  /// @throws IllegalArgumentException naming one that is none
  public static List<String> known(Schema schema, List<String> names) {
    GeneratedFeatures any = new GeneratedFeatures(schema);
    List<String> known = new ArrayList<>();
    for (String name : names) {
      FeatureName.parse(name);
      if (any.has(name)) {
        known.add(name);
      }
    }
    return known;
  }

  private boolean has(String name) {
    try {
      if (FeatureName.parse(name).form() == FeatureName.Form.CROSS) {
        sides(FeatureName.parse(name));
      } else {
        value(name);
      }
      return true;
    } catch (IllegalArgumentException missing) {
      return false;
    }
  }

  private void sides(FeatureName name) {
    for (String side : name.of()) {
      if (side.equals(Cross.ACTION) ? schema.actions().isEmpty() : !isCategory(side)) {
        throw lacks(name, side);
      }
    }
    if (name.of().getFirst().equals(name.of().getLast())) {
      throw lacks(name, name.of().getLast());
    }
  }

  private boolean isCategory(String attribute) {
    return schema.attributes().stream()
        .anyMatch(c -> c.codes() == 1 && c.attribute().name().equals(attribute));
  }

  /// Adds the features of a session so far.
  public void session(SessionFacts facts, DoubleConsumer out) {
    for (ToDoubleFunction<SessionFacts> value : values) {
      out.accept(value.applyAsDouble(facts));
    }
  }

  private ToDoubleFunction<SessionFacts> value(String text) {
    FeatureName name = FeatureName.parse(text);
    List<String> of = name.of();
    return switch (name.form()) {
      case FACT -> facts -> facts.fact(name.fact());
      case COUNT, SHARE, RECENCY, FRESHNESS, FIRST, LAST, PREVIOUS, TRANSITION -> action(name);
      case CART, CART_RATE -> cart(name, Over.LATEST);
      case ITEM_RATE, RATE, VALUE -> over(name, Over.LATEST);
      case USER, USER_RATE -> user(name);
      case MISSING -> missing(name);
      case CHANGES -> {
        int a = attribute(name, of.getFirst());
        yield facts -> facts.beyond().changes(a);
      }
      case CROSS -> {
        int c = schema.generated().crosses().indexOf(new Cross(of.getFirst(), of.getLast()));
        if (c < 0) {
          throw new IllegalArgumentException(text + " is within another feature");
        }
        int at = schema.crossAt(c);
        yield facts -> facts.beyond().latest(at);
      }
      case MEAN -> over(FeatureName.parse(of.getFirst()), Over.MEAN);
      case MOST -> over(FeatureName.parse(of.getFirst()), Over.MOST);
      case LEAST -> over(FeatureName.parse(of.getFirst()), Over.LEAST);
      case RATIO -> {
        ToDoubleFunction<SessionFacts> above = plain(of.getFirst());
        ToDoubleFunction<SessionFacts> below = plain(of.getLast());
        yield facts -> above.applyAsDouble(facts) / Math.max(1, below.applyAsDouble(facts));
      }
      case AGAINST_MEAN -> {
        int a = number(name, of.getFirst());
        int at = schema.at(a);
        yield facts -> {
          SignalState s = facts.beyond();
          return s.latest(at + 1) == 0 ? s.latest(at) - s.mean(a) : 0;
        };
      }
    };
  }

  /// A part of a ratio is no ratio and no cross itself.
  private ToDoubleFunction<SessionFacts> plain(String text) {
    FeatureName name = FeatureName.parse(text);
    return switch (name.form()) {
      case FACT, COUNT, CART, USER, TRANSITION, CHANGES -> value(text);
      default -> throw new IllegalArgumentException(text + " can be no part of a ratio");
    };
  }

  private ToDoubleFunction<SessionFacts> action(FeatureName name) {
    int a = action(name, name.of().getFirst());
    int b = action(name, name.of().getLast());
    return switch (name.form()) {
      case COUNT -> facts -> facts.beyond().count(a);
      case SHARE ->
          facts -> facts.beyond().count(a) / Math.max(1, facts.fact(SessionFacts.Fact.EVENTS));
      case RECENCY -> facts -> facts.beyond().recent(a);
      case FRESHNESS -> facts -> facts.beyond().fresh(a);
      case FIRST -> is(Place.FIRST, a);
      case LAST -> is(Place.LAST, a);
      case PREVIOUS -> is(Place.PREVIOUS, a);
      default -> facts -> facts.beyond().followed(a, b);
    };
  }

  private static ToDoubleFunction<SessionFacts> is(Place place, int action) {
    return facts -> facts.beyond().action(place) == action ? 1 : 0;
  }

  private int action(FeatureName name, String word) {
    int place = schema.actions().indexOf(word);
    if (place < 0) {
      throw lacks(name, word);
    }
    return place;
  }

  private ToDoubleFunction<SessionFacts> cart(FeatureName name, Over over) {
    action(name, Actions.STANDARD.get(Actions.CART));
    if (over != Over.LATEST) {
      throw lacks(name, "its mean");
    }
    return switch (name.of().getFirst()) {
      case "items" -> facts -> facts.beyond().inCart();
      case "ever" -> facts -> facts.beyond().everCarted();
      case "value" -> facts -> Math.log1p(facts.beyond().cartValue());
      case "emptied" ->
          facts -> facts.beyond().everCarted() > 0 && facts.beyond().inCart() == 0 ? 1 : 0;
      case "item>cart" -> facts -> facts.beyond().latest(Schema.CART_RATE);
      default -> facts -> facts.beyond().latest(Schema.ORDER_RATE);
    };
  }

  private ToDoubleFunction<SessionFacts> over(FeatureName name, Over over) {
    String of = name.of().isEmpty() ? "" : name.of().getFirst();
    return switch (name.form()) {
      case ITEM_RATE -> {
        Rate rate =
            switch (of) {
              case "item" -> Rate.ITEM;
              case "item|bought" -> Rate.ITEM_BOUGHT;
              case "category" -> Rate.CATEGORY;
              default -> Rate.SUPPORT;
            };
        if (over == Over.LEAST) {
          throw lacks(name, "its least");
        }
        yield facts -> facts.rate(rate, over);
      }
      case RATE -> {
        int a = attribute(name, of);
        if (schema.attributes().get(a).isNumber()) {
          throw lacks(name, of);
        }
        yield attribute(a, over);
      }
      case VALUE -> attribute(number(name, of), over);
      default -> throw lacks(name, "its " + over);
    };
  }

  private ToDoubleFunction<SessionFacts> attribute(int a, Over over) {
    int at = schema.at(a);
    return switch (over) {
      case LATEST -> facts -> facts.beyond().latest(at);
      case MEAN -> facts -> facts.beyond().mean(a);
      case MOST -> facts -> facts.beyond().most(a);
      case LEAST -> facts -> facts.beyond().least(a);
    };
  }

  private ToDoubleFunction<SessionFacts> missing(FeatureName name) {
    int a = attribute(name, name.of().getFirst());
    Coding coding = schema.attributes().get(a);
    int at = schema.at(a) + (coding.isNumber() ? 1 : coding.codesAt());
    return coding.isNumber()
        ? facts -> facts.beyond().latest(at)
        : facts -> facts.beyond().latest(at) < 0 ? 1 : 0;
  }

  private ToDoubleFunction<SessionFacts> user(FeatureName name) {
    if (!schema.visitors()) {
      throw lacks(name, "visitors");
    }
    if (name.form() == FeatureName.Form.USER_RATE) {
      return facts -> {
        VisitorPast past = facts.beyond().visitor();
        return (past.bought() + .1) / (Math.max(0, past.sessions()) + 1);
      };
    }
    return switch (name.of().getFirst()) {
      case "sessions" -> facts -> facts.beyond().visitor().sessions();
      case "bought" -> facts -> facts.beyond().visitor().bought();
      case "recency" -> facts -> facts.beyond().freshness();
      case "items_seen" -> facts -> facts.beyond().seenBefore();
      default -> facts -> facts.beyond().boughtBefore();
    };
  }

  private int attribute(FeatureName name, String written) {
    // `@` marks attributes whose names mean something else otherwise.
    String attribute = written.startsWith("@") ? written.substring(1) : written;
    for (int a = 0; a < schema.attributes().size(); a++) {
      if (schema.attributes().get(a).attribute().name().equals(attribute)) {
        return a;
      }
    }
    throw lacks(name, written);
  }

  private int number(FeatureName name, String attribute) {
    int a = attribute(name, attribute);
    if (!schema.attributes().get(a).isNumber()) {
      throw lacks(name, attribute);
    }
    return a;
  }

  private static IllegalArgumentException lacks(FeatureName name, String what) {
    return new IllegalArgumentException(
        "the generated feature "
            + name.form()
            + " of "
            + name.of()
            + " reads "
            + what
            + ", which is not there");
  }
}
