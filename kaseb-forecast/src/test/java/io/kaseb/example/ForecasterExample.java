package io.kaseb.example;

import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import java.io.IOException;
import java.nio.file.Path;

/// The example of docs/embedding.md: a whole program.
public final class ForecasterExample {
  private ForecasterExample() {}

  /// Prints forecasts for two clicks.
  ///
  /// @param args the model file, two item ids and a category
  public static void main(String[] args) throws IOException {
    // tag::example
    Forecaster forecaster = Forecaster.load(Path.of(args[0]));
    Session session = forecaster.newSession();
    session.click(args[1]);
    session.click(args[2], args[3], System.currentTimeMillis());
    SessionForecast forecast = session.forecast(5);
    System.out.println("buys " + forecast.buyProbability());
    for (SessionForecast.Next next : forecast.items()) {
      System.out.println("next " + next.item() + " " + next.probability());
    }
    System.out.println("bought " + forecast.bought());
    // end::example
  }
}
