package io.kaseb.serve.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the parameters of a request's query one by one; every refusal names its parameter.
public final class Query {
  private static final int MOST_VALUES = 1000;

  private final Map<String, List<String>> values = new LinkedHashMap<>();

  /// Takes a query as it was sent.
  Query(String raw) {
    for (String part : raw.split("&")) {
      if (!part.isEmpty()) {
        String[] pair = part.split("=", 2);
        String name = Utf8.percentDecoded("query", pair[0], true);
        String value = pair.length < 2 ? "" : pair[1];
        values
            .computeIfAbsent(name, n -> new ArrayList<>())
            .add(Utf8.percentDecoded(Text.quoted(name).replace("\"", ""), value, true));
      }
    }
  }

  private List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /// Refuses names that the query may not have.
  public void checkNames(List<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw Problem.field(
            Text.quoted(name).replace("\"", ""),
            "no such query parameter; there are " + String.join(", ", known));
      }
    }
  }

  /// Returns a parameter that may occur once, or null.
  public @Nullable String one(String name) {
    List<String> all = all(name);
    if (all.size() > 1) {
      throw Problem.field(name, "occurs " + all.size() + " times; must occur once");
    }
    return all.isEmpty() ? null : all.getFirst();
  }

  /// Returns true or false, false where it is missing.
  public boolean flag(String name) {
    String text = one(name);
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw Problem.field(name, "must be true or false");
    }
    return "true".equals(text);
  }

  /// Returns ids that are given several times or apart by commas.
  public List<String> ids(String name) {
    List<String> all = new ArrayList<>();
    for (String value : all(name)) {
      for (String part : value.split(",")) {
        if (!part.isEmpty()) {
          all.add(JsonFields.checkId(name, part));
        }
      }
    }
    if (all.size() > MOST_VALUES) {
      throw Problem.field(
          name, "has " + all.size() + " values; must be " + MOST_VALUES + " or fewer");
    }
    return all;
  }
}
