package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.terminal.StopOnInterrupt;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.studio.Studio;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb studio`: experiments as web pages.
@Command(
    name = "studio",
    mixinStandardHelpOptions = true,
    description = "Shows experiments as web pages and steers them, until Ctrl-C.",
    footer = {"", "Examples:", "  kaseb studio search", "  kaseb studio searches --port 8091"})
final class StudioCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(50);

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FOLDER",
      arity = "1..*",
      description = "Experiments, or folders of them.")
  private List<Path> folders;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8090",
      description = "0 takes any free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Holds the token that the pages then ask for; else KASEB_TOKEN. Needed off loopback.")
  private @Nullable Path tokenFile;

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (Path folder : folders) {
      // Says what is wrong with the folder before anything listens; what is in it is read later.
      if (!Files.isDirectory(folder)) {
        throw new KasebException(
            new KasebException.Problem(folder.toString(), "no such folder", null, null));
      }
    }
    String token = ServeCommand.secret(tokenFile, "KASEB_TOKEN");
    if (token == null && !ListenConfig.isLoopback(host)) {
      throw new KasebException(
          "--host "
              + host
              + ": other machines could read and steer the experiments; put a token of 16 or more"
              + " characters into a file and give --token-file, or set KASEB_TOKEN");
    }
    ListenConfig listen = new ListenConfig(host, port, token, null, null);
    // A search that the page went on with ends cleanly, as it does under experiment resume.
    try (StopOnInterrupt stop = StopOnInterrupt.start();
        Studio studio = Studio.start(listen, folders)) {
      PrintWriter out = spec.commandLine().getOut();
      out.printf("Studio at %s. Stop with Ctrl-C.%n", studio.address(host));
      out.flush();
      while (!stop.getAsBoolean()) {
        Thread.sleep(LOOK);
      }
    }
    return 0;
  }
}
