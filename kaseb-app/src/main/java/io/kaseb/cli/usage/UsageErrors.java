package io.kaseb.cli.usage;

import io.kaseb.base.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Answers a wrong command line: what is wrong with the nearest name that is right, and where help
/// is. The whole help would hide both.
public final class UsageErrors implements CommandLine.IParameterExceptionHandler {
  /// Creates the handler.
  public UsageErrors() {}

  @Override
  public int handleParseException(ParameterException error, String[] args) {
    String unknown = null;
    CommandLine command = error.getCommandLine();
    CommandLine group = command.getCommandSpec().root().commandLine();
    for (String arg : args) {
      if (group.getSubcommands().isEmpty() || arg.startsWith("-")) {
        break;
      }
      CommandLine next = group.getSubcommands().get(arg);
      if (next == null) {
        unknown = unknownCommand(arg, group);
        command = group;
        break;
      }
      group = next;
    }
    CommandLine.Help.ColorScheme colors = command.getColorScheme();
    command
        .getErr()
        .println(colors.errorText("kaseb: " + (unknown == null ? said(error, command) : unknown)));
    if (args.length == 0) {
      command.usage(command.getErr());
    } else {
      command.getErr().println("See " + command.getCommandSpec().qualifiedName(" ") + " --help");
    }
    return CommandLine.ExitCode.USAGE;
  }

  private static String said(ParameterException error, CommandLine command) {
    if (error instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched(), command);
    }
    // What is missing may be what was misspelt.
    if (!command.getUnmatchedArguments().isEmpty()) {
      return unmatched(command.getUnmatchedArguments(), command);
    }
    boolean isGroup = !command.getSubcommands().isEmpty();
    if (isGroup) {
      return word(command)
          + " is missing: one of "
          + String.join(", ", new TreeSet<>(command.getSubcommands().keySet()));
    }
    String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("a usage error");
    return message
        .replaceFirst("is not an? (int|long)$", "is no whole number")
        .replaceFirst("is not a (double|float)$", "is no number such as 0.1");
  }

  /// Returns what a command's own commands are called.
  private static String word(CommandLine command) {
    String label = command.getCommandSpec().usageMessage().synopsisSubcommandLabel();
    return "a " + label.toLowerCase(Locale.ROOT);
  }

  private static String unmatched(List<String> unmatched, CommandLine command) {
    String first = unmatched.getFirst();
    if (first.startsWith("-") && first.length() > 1) {
      int equals = first.indexOf('=');
      String option = equals < 0 ? first : first.substring(0, equals);
      List<String> known = new ArrayList<>();
      command.getCommandSpec().options().forEach(o -> known.addAll(List.of(o.names())));
      return "unknown option " + option + didYouMean(option, known);
    }
    if (command.getSubcommands().isEmpty()) {
      return "'" + first + "' is one argument too many";
    }
    return unknownCommand(first, command);
  }

  /// Says that a group has no such command.
  public static String unknownCommand(String name, CommandLine group) {
    if (name.equals("bench") && group.getParent() == null) {
      return "bench, the measurements, is not part of this jar; it comes with the source checkout:"
          + " ./kaseb bench";
    }
    String kind = group.getParent() == null ? "command" : word(group).substring(2);
    return "unknown "
        + kind
        + " '"
        + name
        + "'"
        + didYouMean(name, group.getSubcommands().keySet());
  }

  private static String didYouMean(String given, Collection<String> known) {
    String near = Nearest.close(given, known);
    return near == null ? "" : "; did you mean " + near + "?";
  }
}
