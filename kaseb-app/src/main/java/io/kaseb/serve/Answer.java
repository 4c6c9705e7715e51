package io.kaseb.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.SessionForecast;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A forecast as HTTP answers it.
///
/// @param session the session's id; null for a stateless forecast without one
/// @param clicks its clicks so far, all of them
/// @param buyProbability that it buys; null where the model cannot say
/// @param goals the probability of each goal by its action, where the model forecasts more than the
///   purchase
/// @param target the action that `items` are likeliest to get, where that is not the next click
/// @param items the likeliest next items, best first
/// @param bought the clicked items, the likeliest to be bought first
/// @param model who said so
/// @param unknownItems clicks among the kept ones on items that the model does not know
/// @param explain how it came about, where asked
record Answer(
    @Nullable String session,
    long clicks,
    @Nullable Double buyProbability,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> goals,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String target,
    List<SessionForecast.Next> items,
    List<PurchaseForecaster.Item> bought,
    ModelOf model,
    int unknownItems,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Explanation explain) {

  /// The model behind an answer.
  ///
  /// @param version the first digits of its file's checksum
  /// @param variant `a` or `b` of a traffic split, `pinned` where the request named the model
  record ModelOf(String name, String version, String variant) {}

  /// How a forecast came about.
  ///
  /// @param clicks what the forecast was made from, click by click
  /// @param reasons what moved it most, the largest first
  record Explanation(List<Step> clicks, List<PurchaseForecaster.Reason> reasons) {}

  /// One click.
  ///
  /// @param action what was done, where it is no plain click
  /// @param known whether the model knows the item
  /// @param buyProbability that the session buys, as it was seen after this click
  record Step(
      @Nullable String item,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String action,
      @Nullable String category,
      @Nullable Long time,
      boolean known,
      @Nullable Double buyProbability) {}
}
