package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.terminal.EscapingWriter;
import io.kaseb.cli.terminal.FittedWriter;
import io.kaseb.cli.terminal.SparkSubmit;
import io.kaseb.cli.terminal.StandardStream;
import io.kaseb.cli.terminal.Terminal;
import io.kaseb.cli.usage.UsageErrors;
import io.kaseb.cli.usage.WholeWordsHelp;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The entry point: `kaseb COMMAND`. Exit codes: 0 ok, 1 failure, 2 usage.
@Command(
    name = "kaseb",
    description = "Forecasts from click sessions: the next items, and whether a session will buy.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      HelpCommand.class,
      QuickstartCommand.class,
      SimulateCommand.class,
      PrepareCommand.class,
      FeaturesCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      TuneCommand.class,
      ExperimentCommand.class,
      StudioCommand.class,
      CompareCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      ForecastCommand.class,
      ScoreCommand.class,
      ServeCommand.class,
      InfoCommand.class,
      CompletionCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  kaseb quickstart",
      "  kaseb help train",
      "",
      "The measurements, kaseb bench, come with the source checkout: ./kaseb bench."
    })
public final class Main {
  Main() {}

  /// Runs the command line and exits the process.
  public static void main(String[] args) {
    int exit = run(StandardStream.own(), writer(System.err, System.err.charset()), args);
    drain();
    System.exit(exit);
  }

  /// Runs the command line and returns the exit code: a command that did everything else has failed
  /// where its words could not be written, unless nobody was there to read them.
  static int run(StandardStream stream, PrintWriter err, String... args) {
    PrintWriter out = fitted(stream, System.out.charset());
    int exit = run(out, err, args);
    out.flush();
    IOException lost = stream.failure();
    if (lost == null || exit != 0) {
      return exit;
    }
    err.println("kaseb: " + StandardOutput.lost(lost.getMessage()));
    return 1;
  }

  private static PrintWriter fitted(OutputStream stream, Charset charset) {
    PrintWriter plain = writer(stream, charset);
    return Terminal.isOne()
        ? new PrintWriter(new FittedWriter(plain, Terminal.columns()), true)
        : plain;
  }

  private static PrintWriter writer(OutputStream stream, Charset charset) {
    return new PrintWriter(
        new EscapingWriter(
            new OutputStreamWriter(stream, charset), CommandLine.Help.Ansi.AUTO.enabled()),
        true);
  }

  /// Waits until the launcher's reader of standard error, a child of this process, has shown
  /// everything: the shell's prompt must not come before it.
  private static void drain() {
    if (System.getenv("KASEB_STDERR_READER") == null) {
      return;
    }
    System.err.close();
    try {
      for (ProcessHandle reader : ProcessHandle.current().children().toList()) {
        reader.onExit().get(2, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      // The reader is stuck or gone: nothing is lost but the order of words on a terminal.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns every command but those of extensions.
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main()).setHelpFactory(WholeWordsHelp::new);
    ExperimentCommand.order(
        Objects.requireNonNull(line.getSubcommands().get("experiment")).getCommandSpec());
    return line;
  }

  /// Runs the command line and returns the exit code.
  static int run(PrintWriter out, PrintWriter err, String... args) {
    if (SparkSubmit.isWanted(List.of(args))) {
      return submit(err, List.of(args));
    }
    CommandLine line = commandLine();
    ServiceLoader.load(Extension.class).forEach(e -> line.addSubcommand(e.command()));
    line.setOut(out).setErr(err).setHelpFactory(WholeWordsHelp::new);
    line.setParameterExceptionHandler(new UsageErrors());
    line.setExecutionExceptionHandler((e, command, parsed) -> fail(e, command));
    line.setExecutionStrategy(
        parsed -> {
          OutputChecks.check(parsed);
          if (writesToStandardOutput(parsed)) {
            line.setOut(err);
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) {
      err.println(outOfMemory(e));
      return 1;
    }
  }

  private static int submit(PrintWriter err, List<String> args) {
    try {
      return SparkSubmit.here().run(args);
    } catch (KasebException e) {
      err.println("kaseb: " + e.getMessage());
    } catch (IOException e) {
      err.println("kaseb: " + said(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }

  private static String outOfMemory(OutOfMemoryError e) {
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    return "kaseb: out of memory (%s; the Java heap may grow to %,d MiB): give it more, as in KASEB_JAVA_OPTS=-Xmx%dg, or ask for less: a smaller batch_size, n_sample or layers, fewer threads, a dataset with fewer items"
        .formatted(e.getMessage(), mebibytes, Math.max(2, 2 * mebibytes / 1024 + 1));
  }

  private static boolean writesToStandardOutput(CommandLine.ParseResult parsed) {
    try {
      return StandardOutput.isTaken(parsed);
    } catch (KasebException e) {
      CommandLine failed = parsed.asCommandLineList().getLast();
      throw new CommandLine.ParameterException(failed, e.getMessage());
    }
  }

  private static int fail(Exception e, CommandLine command) {
    if (StandardOutput.isLeft(e)) {
      return 0;
    }
    String message =
        switch (e) {
          case KasebException known -> known.message(names(command)::show);
          case IOException io -> said(io);
          case UncheckedIOException io -> said(Objects.requireNonNull(io.getCause()));
          default -> {
            LoggerFactory.getLogger(Main.class).error("internal error, please report it", e);
            yield "internal error: " + e;
          }
        };
    command.getErr().println(command.getColorScheme().errorText("kaseb: " + message));
    return 1;
  }

  /// Says in one line what the system could not do, with the file's name.
  private static String said(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileAlreadyExistsException there -> there.getFile() + ": is there already";
      case NotDirectoryException file -> file.getFile() + ": is no folder";
      case FileSystemException known when StandardOutput.isNamed(known) ->
          StandardOutput.lost(known.getReason());
      case FileSystemException known -> String.valueOf(known.getMessage());
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  /// Options of the failed command, and of every other that a message may send the user to; those
  /// of extensions are nobody else's.
  private static OptionNames names(CommandLine failed) {
    return new OptionNames(commandLine(), failed);
  }
}
