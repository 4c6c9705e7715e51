package io.kaseb.cli;

import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine;

/// Gives settings the names that they have on the command line: `session_gap` is the option
/// `--session-gap`; what no command has an option for is a key of a configuration, such as
/// `batch_size=32`.
final class OptionNames {
  private final Set<String> known = new HashSet<>();

  /// @param commands commands with all their sub-commands
  OptionNames(CommandLine... commands) {
    for (CommandLine command : commands) {
      add(command);
    }
  }

  private void add(CommandLine command) {
    command.getCommandSpec().options().forEach(option -> known.add(option.longestName()));
    command.getSubcommands().values().forEach(this::add);
  }

  /// Returns whether there is an option for a setting.
  ///
  /// @param setting its neutral name
  boolean has(String setting) {
    return known.contains(option(setting));
  }

  /// Returns how users write a setting.
  ///
  /// @param setting its neutral name
  /// @param value its value, empty for none
  String show(String setting, String value) {
    if (!has(setting)) {
      return value.isEmpty() ? setting : setting + "=" + value;
    }
    return value.isEmpty() ? option(setting) : option(setting) + " " + value;
  }

  private static String option(String setting) {
    return "--" + setting.replace('_', '-');
  }
}
