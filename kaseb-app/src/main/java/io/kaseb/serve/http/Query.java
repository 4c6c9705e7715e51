package io.kaseb.serve.http;

import io.helidon.common.uri.UriQuery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the parameters of a request's query one by one; every refusal names its parameter.
public final class Query {
  private static final int MOST_VALUES = 1000;

  private final UriQuery query;

  Query(UriQuery query) {
    this.query = query;
  }

  /// Refuses names that the query may not have.
  public void checkNames(List<String> known) {
    for (String name : query.names()) {
      if (!known.contains(name)) {
        throw Problem.field(
            Text.quoted(name).replace("\"", ""),
            "no such query parameter; there are " + String.join(", ", known));
      }
    }
  }

  /// Returns a parameter that may occur once, or null.
  public @Nullable String one(String name) {
    List<String> all = query.all(name, List::of);
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
    for (String value : query.all(name, List::of)) {
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
