package io.kaseb.examples;

import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Forecasts inside a plain program: reads clicks from standard input, one a line as `session
/// item`, and writes after each what that session is likely to do.
public final class EmbedForecaster {
  private static final int NEXT = 3;

  private EmbedForecaster() {}

  /// Runs it.
  ///
  /// @param args the model file
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: EmbedForecaster MODEL < clicks");
      System.exit(2);
    }
    // Immutable: loaded once, shared by all threads.
    Forecaster forecaster = Forecaster.load(Path.of(args[0]));
    try (BufferedReader clicks =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      run(forecaster, clicks, System.out);
    }
  }

  /// Follows all sessions side by side.
  static void run(Forecaster forecaster, BufferedReader clicks, PrintStream out)
      throws IOException {
    Map<String, Session> sessions = new HashMap<>();
    for (String line = clicks.readLine(); line != null; line = clicks.readLine()) {
      String[] words = line.strip().split("\\s+");
      if (words.length != 2) {
        out.println("no click, passed over: " + line);
        continue;
      }
      Session session = sessions.computeIfAbsent(words[0], id -> forecaster.newSession());
      boolean known = session.click(words[1]);
      out.println(words[0] + ": " + text(session.forecast(NEXT)) + (known ? "" : " (new item)"));
    }
  }

  private static String text(SessionForecast forecast) {
    StringBuilder text = new StringBuilder("next");
    for (SessionForecast.Next next : forecast.items()) {
      text.append(' ').append(next.item());
      if (next.probability() != null) {
        text.append(String.format(Locale.ROOT, " %.0f%%", 100 * next.probability()));
      }
    }
    Double buys = forecast.buyProbability();
    if (buys != null) {
      text.append(String.format(Locale.ROOT, "; buys %.1f%%", 100 * buys));
    }
    for (PurchaseForecaster.Item item : forecast.bought().stream().limit(1).toList()) {
      text.append(", most likely ").append(item.item());
    }
    return text.toString();
  }
}
