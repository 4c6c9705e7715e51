package io.kaseb.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.LoggerFactory;

/// The log of a server: with time and level, and with what a server says of itself while it runs.
final class ServeLog {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: "
          + "%replace(%msg){'[\\x00-\\x1f\\x7f-\\x9f]', '?'}%n";

  private ServeLog() {}

  /// Gives the log on standard error its form.
  ///
  /// @param isJson whether its lines are JSON
  static void begin(boolean isJson) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if (!(root.getAppender("STDERR") instanceof ConsoleAppender<ILoggingEvent> appender)) {
      return;
    }
    Encoder<ILoggingEvent> encoder = isJson ? json() : text(context);
    encoder.setContext(context);
    encoder.start();
    appender.stop();
    appender.setEncoder(encoder);
    appender.start();
    if (System.getenv("KASEB_LOG") == null) {
      context.getLogger("io.kaseb").setLevel(Level.INFO);
    }
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    return encoder;
  }

  private static Encoder<ILoggingEvent> json() {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    return encoder;
  }
}
