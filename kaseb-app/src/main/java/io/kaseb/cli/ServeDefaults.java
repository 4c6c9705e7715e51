package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import io.kaseb.store.Yaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.JsonNode;

/// What `kaseb serve` takes where its command line does not say: of each option the environment
/// variable, then the key of the configuration file. `--max-body` is `KASEB_MAX_BODY` and
/// `max_body`; the first model is `default` among the models, or a model without a name.
final class ServeDefaults implements CommandLine.IDefaultValueProvider {
  private static final String MODEL = "model";
  private static final String CONFIG = "--config";
  private static final Set<String> NO_KEYS = Set.of("config", "help", "version");

  private final Map<String, String> environment;
  private @Nullable JsonNode file;

  /// Takes the environment of this process.
  ServeDefaults() {
    this(System.getenv());
  }

  ServeDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    String key = key(arg);
    if (Set.of("help", "version").contains(key)) {
      return null;
    }
    String value = environment.get("KASEB_" + key.toUpperCase(Locale.ROOT));
    if (value == null && !key.equals("config")) {
      value = configured(arg.command(), key);
    }
    return value == null || !key.equals(MODEL) ? value : models(value, arg.isPositional());
  }

  private static String key(ArgSpec arg) {
    return arg instanceof OptionSpec option
        ? option.longestName().substring(2).replace('-', '_')
        : MODEL;
  }

  /// Returns the first model, or the others.
  private static @Nullable String models(String value, boolean isFirst) {
    List<String> others = new ArrayList<>();
    String first = null;
    for (String part : value.split(",")) {
      if (part.startsWith("default=")) {
        first = part.substring("default=".length());
      } else if (part.contains("=")) {
        others.add(part);
      } else {
        first = part;
      }
    }
    return isFirst ? first : others.isEmpty() ? null : String.join(",", others);
  }

  private @Nullable String configured(CommandSpec command, String key) {
    OptionSpec option = command.findOption(CONFIG);
    Path path = option == null ? null : option.getValue();
    String named = environment.get("KASEB_CONFIG");
    if (path == null && named != null) {
      path = Path.of(named);
    }
    if (path == null) {
      return null;
    }
    try {
      JsonNode found = read(path, command).get(key);
      return found == null || found.isNull() ? null : text(path, key, found);
    } catch (IOException e) {
      throw new CommandLine.ParameterException(
          command.commandLine(), CONFIG + " " + path + ": cannot be read: " + e.getMessage(), e);
    } catch (KasebException e) {
      throw new CommandLine.ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private JsonNode read(Path path, CommandSpec command) throws IOException {
    JsonNode read = file;
    if (read == null) {
      read = Yaml.read(path);
      if (!read.isObject()) {
        throw new KasebException(
            new KasebException.Problem(path.toString(), null, "keys and their values", null));
      }
      Set<String> known = new TreeSet<>();
      command.args().forEach(arg -> known.add(key(arg)));
      known.removeAll(NO_KEYS);
      for (String given : read.propertyNames()) {
        if (!known.contains(given)) {
          throw new KasebException(
              new KasebException.Problem(
                  path.toString(),
                  given,
                  null,
                  "no such key; the nearest is " + Nearest.of(given, known)));
        }
      }
      file = read;
    }
    return read;
  }

  private static String text(Path path, String key, JsonNode value) {
    List<String> parts = new ArrayList<>();
    if (value.isObject()) {
      value
          .properties()
          .forEach(e -> parts.add(e.getKey() + "=" + scalar(path, key, e.getValue())));
    } else if (value.isArray()) {
      value.forEach(e -> parts.add(scalar(path, key, e)));
    } else {
      parts.add(scalar(path, key, value));
    }
    return String.join(",", parts);
  }

  private static String scalar(Path path, String key, JsonNode value) {
    if (!value.isString() && !value.isNumber() && !value.isBoolean()) {
      throw new KasebException(
          new KasebException.Problem(
              path + ": " + key, null, "a text, a number, or a list or map of those", null));
    }
    return value.asString();
  }
}
