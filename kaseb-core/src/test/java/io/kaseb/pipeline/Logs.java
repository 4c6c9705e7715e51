package io.kaseb.pipeline;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.Dataset;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.model.Sessions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Small logs for tests, and datasets in words.
public final class Logs {
  public static final Resources SMALL = new Resources("500MB", 2);

  private Logs() {}

  public static Path write(Path file, String... lines) {
    try {
      return Files.writeString(file, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path gzip(Path file, String... lines) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  /// A YOOCHOOSE line; `second` counts from 2014-04-01T00:00:00Z.
  static String click(Object session, long second, Object item) {
    return session
        + ","
        + Instant.parse("2014-04-01T00:00:00Z").plusSeconds(second)
        + ","
        + item
        + ",0";
  }

  public static Prepare.Rules rules(Protocol protocol) {
    return Prepare.Rules.DEFAULT.with(protocol);
  }

  public static Prepare.Rules rules(Protocol protocol, String split) {
    return rules(protocol).with(Split.parse(split));
  }

  public static Manifest prepare(String format, Path clicks, Prepare.Rules rules, Path out) {
    return prepare(ClickSource.of(Format.of(format), clicks), rules, out);
  }

  public static Manifest prepare(ClickSource source, Prepare.Rules rules, Path out) {
    try {
      return Prepare.run(source, rules, SMALL, out, true, Progress.NONE).manifest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Dataset load(Path dataset) {
    try {
      return Dataset.load(dataset, Workers.ONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Every session as its item ids apart by blanks, in the dataset's order.
  static List<String> words(Dataset dataset, Sessions sessions) {
    List<String> words = new ArrayList<>();
    for (int s = 0; s < sessions.count(); s++) {
      List<String> items = new ArrayList<>();
      for (int e = sessions.start(s); e < sessions.end(s); e++) {
        items.add(dataset.catalogue().id(sessions.items()[e]));
      }
      words.add(String.join(" ", items));
    }
    return words;
  }

  static List<String> train(Path dataset) {
    Dataset loaded = load(dataset);
    return words(loaded, loaded.train());
  }

  static List<String> test(Path dataset) {
    Dataset loaded = load(dataset);
    return words(loaded, loaded.test());
  }
}
