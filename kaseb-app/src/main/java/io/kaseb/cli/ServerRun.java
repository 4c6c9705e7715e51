package io.kaseb.cli;

import io.kaseb.serve.ServeConfig;
import io.kaseb.serve.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/// Runs a server until this process is told to stop.
final class ServerRun {
  private ServerRun() {}

  /// Starts, says where, loads the model, and waits.
  ///
  /// @param model as the user named it
  /// @param started when the command began, as the system's nanoseconds
  static void untilStopped(ServeConfig config, Path model, long started, PrintWriter out)
      throws IOException, InterruptedException {
    Server server = Server.start(config);
    Thread hook = new Thread(server::drain, "kaseb-drain");
    Runtime.getRuntime().addShutdownHook(hook);
    out.printf(Locale.ROOT, "Live at %s after %.1f s.%n", server.url(), seconds(started));
    out.flush();
    try {
      server.load();
    } catch (IOException | RuntimeException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
      server.close();
      throw e;
    }
    if (config.pages().isShown()) {
      out.printf("The live shop: %s/%n", server.url());
    }
    out.printf(
        Locale.ROOT,
        "Ready: %s, %s, after %.1f s. Stop with Ctrl-C.%n",
        model,
        server.url(),
        seconds(started));
    out.flush();
    new CountDownLatch(1).await();
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }
}
