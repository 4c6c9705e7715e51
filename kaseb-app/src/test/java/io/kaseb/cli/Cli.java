package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Runs the command line in this process and keeps what it printed.
record Cli(int exit, String out, String err) {
  /// Starts the command line in a process of its own, whose output nobody reads.
  static Process start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(command());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// Returns what starts the command line in a process of its own, without its arguments.
  static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
  }

  /// Prepares `folder/data` from random walks over some items.
  ///
  /// @param sessions of three clicks each
  static void prepareWalks(Path folder, int sessions, int items) throws IOException {
    Random random = new Random(4);
    StringBuilder log = new StringBuilder();
    for (int s = 0; s < sessions; s++) {
      int start = random.nextInt(items);
      int second = (start + 1 + random.nextInt(3)) % items;
      log.append("%d %d %d%n".formatted(start, second, (second + 1 + random.nextInt(3)) % items));
    }
    Path clicks = folder.resolve("log.txt");
    Files.writeString(clicks, log);
    Cli prepared =
        run("prepare", "--format", "sessions", "--clicks", clicks, "--out", folder.resolve("data"));
    assertThat(prepared.exit()).as(prepared.err()).isZero();
  }

  static Cli run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = args[i].toString();
    }
    int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), texts);
    return new Cli(exit, out.toString(), err.toString());
  }
}
