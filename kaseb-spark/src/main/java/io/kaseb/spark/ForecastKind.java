package io.kaseb.spark;

import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.intent.Payoff;
import io.kaseb.pipeline.Answers;
import java.io.Serializable;
import java.util.Collection;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/// What is wanted of each session, as it travels to the machines of a cluster.
sealed interface ForecastKind extends Serializable {
  /// Returns the columns of its rows.
  StructType columns();

  /// Returns whether every event with an item counts as a click: for next items in a log that has
  /// no view.
  default boolean itemsAreClicks() {
    return false;
  }

  /// Adds the rows of a session that is over.
  ///
  /// @param start when it began, milliseconds since 1970; null where there are no times
  /// @param row its first row in the log
  void add(Collection<Row> rows, String id, Session session, @Nullable Long start, long row);

  /// The table of `kaseb forecast --probabilities`.
  ///
  /// @param next how many next items of each session are wanted, 0 for none
  /// @param target the action that they are likeliest to get
  record Table(int next, String target) implements ForecastKind {
    static final StructType COLUMNS =
        new StructType()
            .add("session", DataTypes.StringType)
            .add("forecast", DataTypes.StringType)
            .add("place", DataTypes.LongType)
            .add("item", DataTypes.StringType)
            .add("probability", DataTypes.DoubleType)
            .add("score", DataTypes.DoubleType);

    @Override
    public StructType columns() {
      return COLUMNS;
    }

    @Override
    public void add(
        Collection<Row> rows, String id, Session session, @Nullable Long start, long row) {
      SessionForecast forecast = session.forecast(next, null, true, target);
      Double buys = forecast.buyProbability();
      if (buys != null) {
        rows.add(RowFactory.create(id, "buys", null, null, buys, null));
      }
      long place = 1;
      for (PurchaseForecaster.Item item : forecast.bought()) {
        rows.add(RowFactory.create(id, "bought", place++, item.item(), item.probability(), null));
      }
      place = 1;
      String what = target.equals(Forecaster.NEXT_VIEW) ? "next" : "next_" + target;
      for (SessionForecast.Next item : forecast.items()) {
        rows.add(
            RowFactory.create(
                id,
                isPopular(item) ? "popular" : what,
                place++,
                item.item(),
                item.probability(),
                (double) item.score()));
      }
    }
  }

  /// Lines of answers, with what puts them in order and what they are worth.
  StructType LINES =
      new StructType()
          .add("start", DataTypes.LongType)
          .add("row", DataTypes.LongType)
          .add("line", DataTypes.StringType)
          .add("worth", DataTypes.DoubleType)
          .add("by_model", DataTypes.BooleanType);

  /// The sessions that are worth naming as buyers, with the items.
  ///
  /// @param buyerShare of the training period, for the challenge's score
  /// @param caughtBuyer what naming a buyer is worth to a shop; null for the challenge's score
  /// @param wrongNudge what naming another session costs it; null for the challenge's score
  record Buyers(double buyerShare, @Nullable Double caughtBuyer, @Nullable Double wrongNudge)
      implements ForecastKind {
    @Override
    public StructType columns() {
      return LINES;
    }

    private Payoff payoff() {
      return caughtBuyer == null
          ? new Payoff.Challenge(buyerShare)
          : new Payoff.Costs(caughtBuyer, Objects.requireNonNull(wrongNudge));
    }

    @Override
    public void add(
        Collection<Row> rows, String id, Session session, @Nullable Long start, long row) {
      PurchaseForecaster.Answer answer = session.answer(payoff());
      if (answer != null) {
        rows.add(
            RowFactory.create(start, row, Answers.line(id, answer.items()), answer.worth(), true));
      }
    }
  }

  /// Each session's next items.
  ///
  /// @param next how many
  /// @param target the action that they are likeliest to get
  /// @param itemsAreClicks whether the log has no view
  record NextItems(int next, String target, boolean itemsAreClicks) implements ForecastKind {
    @Override
    public StructType columns() {
      return LINES;
    }

    @Override
    public void add(
        Collection<Row> rows, String id, Session session, @Nullable Long start, long row) {
      SessionForecast forecast = session.forecast(next, null, false, target);
      boolean isByModel = forecast.items().stream().anyMatch(item -> !isPopular(item));
      String line =
          Answers.line(id, forecast.items().stream().map(SessionForecast.Next::item).toList());
      rows.add(RowFactory.create(start, row, line, 0.0, isByModel));
    }
  }

  private static boolean isPopular(SessionForecast.Next item) {
    return item.source() == SessionForecast.Source.POPULAR;
  }
}
