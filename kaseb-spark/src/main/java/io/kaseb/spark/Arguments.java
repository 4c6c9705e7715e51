package io.kaseb.spark;

import io.kaseb.base.KasebException;
import io.kaseb.logfile.Format;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words behind a command: options `--name value ...` and what stands before the first of them.
final class Arguments {
  private final List<String> plain = new ArrayList<>();
  private final Map<String, List<String>> options = new LinkedHashMap<>();
  private final String command;

  private Arguments(String command) {
    this.command = command;
  }

  /// Reads the words.
  ///
  /// @param known options of the command
  /// @param flags those of them that take no value
  /// @param elsewhere options of `kaseb COMMAND` that a cluster does not have
  static Arguments read(
      String command,
      List<String> words,
      Set<String> known,
      Set<String> flags,
      Set<String> elsewhere) {
    Arguments read = new Arguments(command);
    List<String> values = read.plain;
    for (String word : words) {
      if (!word.startsWith("--")) {
        values.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      String name = word.substring(2, equals < 0 ? word.length() : equals);
      if (elsewhere.contains(name)) {
        throw new KasebException(
            "--%s: a cluster does not do that; kaseb %s does, on one machine"
                .formatted(name, command));
      }
      if (!known.contains(name)) {
        throw KasebException.ofUnknown("option", name, known);
      }
      values = read.options.computeIfAbsent(name, n -> new ArrayList<>());
      if (equals > 0) {
        values.add(word.substring(equals + 1));
      }
      if (flags.contains(name)) {
        values = read.plain;
      }
    }
    for (Map.Entry<String, List<String>> option : read.options.entrySet()) {
      if (flags.contains(option.getKey()) != option.getValue().isEmpty()) {
        throw new KasebException(
            "--"
                + option.getKey()
                + (option.getValue().isEmpty() ? ": needs a value" : ": takes no value"));
      }
    }
    return read;
  }

  /// Returns the one word before all options.
  String subject(String what) {
    if (plain.size() != 1) {
      throw new KasebException("%s: give one %s before the options".formatted(command, what));
    }
    return plain.getFirst();
  }

  /// Fails where words stand before the options.
  void noSubject() {
    if (!plain.isEmpty()) {
      throw new KasebException(plain.getFirst() + ": no option has this value");
    }
  }

  /// Returns whether an option is there.
  boolean has(String name) {
    return options.containsKey(name);
  }

  /// Returns all values of an option.
  List<String> all(String name) {
    return options.getOrDefault(name, List.of());
  }

  /// Returns the value of an option, null where it is not there.
  @Nullable String one(String name) {
    List<String> values = all(name);
    if (values.size() > 1) {
      throw new KasebException("--" + name + ": takes one value");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /// Returns the value of an option that must be there.
  String needed(String name) {
    String value = one(name);
    if (value == null) {
      throw new KasebException("%s: --%s is missing".formatted(command, name));
    }
    return value;
  }

  /// Returns the value of an option, or another.
  String or(String name, String other) {
    String value = one(name);
    return value == null ? other : value;
  }

  /// Returns a number, or another.
  double number(String name, double other) {
    String value = or(name, Double.toString(other));
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw KasebException.ofSetting(name.replace('-', '_'), value, "a number");
    }
  }

  /// Returns a whole number, or null where it is not there.
  @Nullable Integer whole(String name) {
    String value = one(name);
    if (value == null) {
      return null;
    }
    try {
      return Integer.valueOf(value);
    } catch (NumberFormatException e) {
      throw KasebException.ofSetting(name.replace('-', '_'), value, "a whole number");
    }
  }

  /// Returns how a log is read.
  LogSpec log(String format) {
    String missing = one("missing");
    return LogSpec.of(format)
        .withColumns(one("columns"))
        .withActions(one("actions"))
        .withAttributes(one("attributes"))
        .withMissing(missing == null ? Format.MISSING : List.of(missing.split(",")));
  }

  /// Returns how many bytes of text a task reads.
  long chunkBytes() {
    double megabytes = number("chunk-mb", ClusterLog.Cut.DEFAULT.bytes() / (double) (1 << 20));
    if (!(megabytes >= 1 && megabytes <= 4096)) {
      throw KasebException.ofSetting("chunk_mb", megabytes, "1..4096");
    }
    return (long) (megabytes * (1 << 20));
  }
}
