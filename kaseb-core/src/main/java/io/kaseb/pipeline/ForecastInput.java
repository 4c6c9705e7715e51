package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.Resources;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.ingest.ClickLog;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.signal.Coding;
import io.kaseb.signal.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// A model and the click log that it is to forecast for: read once, whatever is written of them.
public final class ForecastInput {
  private static final int MOST_NEXT = 1_000;

  private final long started = System.nanoTime();
  private final Path model;
  private final int next;
  private final String target;
  private final Forecaster forecaster;
  private final ClickLog log;

  private ForecastInput(
      Path model,
      int next,
      String target,
      ClickSource clicks,
      double maxBadRows,
      Resources resources,
      Progress progress)
      throws IOException {
    if (next < 0 || next > MOST_NEXT) {
      throw KasebException.ofSetting("next", next, "1.." + MOST_NEXT);
    }
    this.model = model;
    this.next = next;
    // What a search for next items needs is made ready only where they are wanted.
    forecaster = next > 0 ? Forecaster.load(model, resources.workers()) : Forecaster.load(model);
    this.target = forecaster.target(target);
    if (next == 0) {
      // There is nothing else to forecast: said before a long log is read.
      purchases();
    }
    log = ClickLog.read(asTrained(clicks), forecaster.catalogue(), maxBadRows, resources, progress);
  }

  /// Reads what the model was trained on: its own actions by their words, and, where the user names
  /// no attributes, the model's in columns of their names.
  private ClickSource asTrained(ClickSource clicks) {
    PurchaseForecaster purchases = forecaster.purchases();
    if (purchases == null) {
      return clicks;
    }
    Schema schema = purchases.model().signals().schema();
    Format format = clicks.format();
    Format acting = format.withActions(format.actions().with(schema.actions()));
    return clicks.with(
        format.attributes().isEmpty()
            ? acting.withAttributes(
                LogAttribute.named(schema.attributes().stream().map(Coding::attribute).toList()))
            : acting);
  }

  /// Reads both, for next clicks.
  public static ForecastInput read(
      Path model,
      int next,
      ClickSource clicks,
      double maxBadRows,
      Resources resources,
      Progress progress)
      throws IOException {
    return read(model, next, Forecaster.NEXT_VIEW, clicks, maxBadRows, resources, progress);
  }

  /// Reads both.
  ///
  /// @param next how many next items of each session are wanted; 0 for none
  /// @param target the action that they are likeliest to get: one of [Forecaster#targets()]
  /// @param maxBadRows share of the log's rows that may be bad
  public static ForecastInput read(
      Path model,
      int next,
      String target,
      ClickSource clicks,
      double maxBadRows,
      Resources resources,
      Progress progress)
      throws IOException {
    return new ForecastInput(model, next, target, clicks, maxBadRows, resources, progress);
  }

  /// Returns how many next items of each session are wanted.
  int next() {
    return next;
  }

  /// Returns the action that they are likeliest to get.
  String target() {
    return target;
  }

  Forecaster forecaster() {
    return forecaster;
  }

  /// Returns the purchase forecast.
  ///
  /// @throws io.kaseb.base.KasebException where the model has none
  PurchaseForecaster purchases() {
    return PurchaseForecaster.needed(model, forecaster.purchases());
  }

  ClickLog log() {
    return log;
  }

  /// Returns the number of clicks on items that the model does not know.
  long unknownItems() {
    return Arrays.stream(log.sessions().items()).filter(item -> item < 0).count();
  }

  /// Returns the seconds since the reading began.
  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
