package io.kaseb.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb help`: the help of any command, however deep.
@Command(
    name = "help",
    helpCommand = true,
    mixinStandardHelpOptions = true,
    description = "Shows the help of a command.",
    footer = {"", "Examples:", "  kaseb help train", "  kaseb help experiment resume"})
final class HelpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "A command, or a command and its verb. Default: all commands.")
  private List<String> words = List.of();

  @Override
  public Integer call() {
    CommandLine at = spec.commandLine().getParent();
    for (String word : words) {
      CommandLine next = at.getSubcommands().get(word);
      if (next == null) {
        throw new CommandLine.UnmatchedArgumentException(at, List.of(word));
      }
      at = next;
    }
    at.usage(spec.commandLine().getOut());
    return 0;
  }
}
