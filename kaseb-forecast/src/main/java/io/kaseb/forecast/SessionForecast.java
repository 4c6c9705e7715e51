package io.kaseb.forecast;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is forecast after some clicks.
///
/// @param clicks how many
/// @param buyProbability that the session buys; null where the model has no purchase forecast
/// @param items the likeliest next items, best first; the most popular ones while no item that the
///   model knows was clicked
/// @param bought every item clicked so far, the likeliest to be bought first; none without a
///   purchase forecast
/// @param goals the probability of each goal, by its action, the first being `buyProbability`; none
///   without a purchase forecast
public record SessionForecast(
    int clicks,
    @Nullable Double buyProbability,
    List<Next> items,
    List<PurchaseForecaster.Item> bought,
    Map<String, Double> goals) {
  /// Copies the lists.
  public SessionForecast {
    items = List.copyOf(items);
    bought = List.copyOf(bought);
    goals = Collections.unmodifiableMap(new LinkedHashMap<>(goals));
  }

  /// A possible next item.
  ///
  /// @param item its id
  /// @param score on the model's own scale, higher is likelier
  /// @param probability that the next click is on it, among all items of the model, or, of a
  ///   session's own item where another action is asked for, that the session does that to it; null
  ///   where there is none
  /// @param source what named it; a popular item's score is only its place's order
  public record Next(String item, float score, @Nullable Double probability, Source source) {
    /// Creates an item that the model named from the session's clicks.
    ///
    /// @param item its id
    /// @param score on the model's own scale
    /// @param probability 0..1, or null where the model's scores are no log probabilities
    public Next(String item, float score, @Nullable Double probability) {
      this(item, score, probability, Source.MODEL);
    }
  }

  /// What named a possible next item.
  public enum Source {
    /// The model, from the session's clicks.
    @JsonProperty("model")
    MODEL,
    /// Its popularity: the session has no click on an item that the model knows.
    @JsonProperty("popular")
    POPULAR,
    /// The session itself, which touched the item: where another action than the next click is
    /// asked for.
    @JsonProperty("session")
    SESSION,
    /// The model, of an item that came after its training: placed by its attributes.
    @JsonProperty("new")
    NEW
  }
}
