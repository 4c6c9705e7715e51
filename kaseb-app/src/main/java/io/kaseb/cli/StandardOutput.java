package io.kaseb.cli;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.KasebException;
import io.kaseb.cli.terminal.StandardStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Tells whether a command writes a file to standard output, where its words for people then must
/// not go.
final class StandardOutput {
  private static final Set<String> OUTPUTS =
      Set.of("--out", "--json", "--html", "--probabilities", "--scores");
  private static final Set<Path> NAMES =
      Set.of(
          AtomicFiles.STANDARD_OUTPUT,
          Path.of("/dev/stdout"),
          Path.of("/dev/fd/1"),
          Path.of("/proc/self/fd/1"));

  private StandardOutput() {}

  /// Returns whether one of a command line's outputs is standard output.
  ///
  /// @throws KasebException where it is several
  static boolean isTaken(ParseResult parsed) {
    List<String> taking = new ArrayList<>();
    for (ParseResult at = parsed; at != null; at = at.hasSubcommand() ? at.subcommand() : null) {
      for (OptionSpec option : at.matchedOptionsSet()) {
        Object value = option.getValue();
        if (OUTPUTS.contains(option.longestName())
            && value instanceof Path path
            && NAMES.contains(path)) {
          taking.add(option.longestName());
        }
      }
    }
    if (taking.size() > 1) {
      throw new KasebException(
          String.join(" and ", taking)
              + " cannot both go to standard output; give all but one the name of a file");
    }
    return !taking.isEmpty();
  }

  /// Returns whether a command failed because the reader of what it wrote to standard output has
  /// left, as `head` does.
  static boolean isLeft(Exception e) {
    return e instanceof FileSystemException failed
        && isNamed(failed)
        && StandardStream.hasNoReader(failed);
  }

  /// Returns whether it is standard output that failed.
  static boolean isNamed(FileSystemException e) {
    return e.getFile() != null && NAMES.contains(Path.of(e.getFile()));
  }

  /// Says that standard output could not be written.
  static String lost(@Nullable String reason) {
    return "standard output cannot be written: " + reason;
  }
}
