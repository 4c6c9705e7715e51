package io.kaseb.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb completion`: the script that lets a shell complete commands, options and files.
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Prints a script by which bash or zsh completes commands, options and files.",
    footer = {
      "",
      "Examples:",
      "  source <(kaseb completion bash)",
      "  kaseb completion zsh > ~/.kaseb-completion",
      "",
      "Add the first line (with zsh in its place) to ~/.bashrc or ~/.zshrc."
    })
final class CompletionCommand implements Callable<Integer> {
  /// The shells that are known.
  enum Shell {
    bash,
    zsh
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      description = "${COMPLETION-CANDIDATES}; the script switches zsh's bashcompinit on itself.")
  private Shell shell;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println("# For " + shell + ".");
    spec.commandLine().getOut().println(AutoComplete.bash("kaseb", spec.root().commandLine()));
    return 0;
  }
}
