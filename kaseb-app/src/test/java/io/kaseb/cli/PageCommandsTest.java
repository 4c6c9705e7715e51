package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Runs the commands of all pages, page by page and in their order, on the small files of
/// [PageFiles].
class PageCommandsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+");

  private static final Pattern PROGRAM =
      Pattern.compile(
          "(?:mvn|git|curl|docker|podman|gzip|source|java|jbang|tar|mkdir|cp|sh|bash|pip|python3?"
              + "|sudo|systemctl|kubectl|bench/\\S+|deploy/\\S+|kaseb-VERSION/\\S+)\\s");
  private static final String ARCHIVE = ".*yoochoose-data\\.7z.*";

  /// What the commands are given in place of the sizes that they name.
  private static final Map<String, String> SMALLER =
      Map.ofEntries(
          Map.entry(" --sessions \\d+", " --sessions 300"),
          Map.entry(" --max-trials \\d+", " --max-trials 2"),
          Map.entry(" --confirm \\d+", " --confirm 2"),
          Map.entry(" --rank-check \\d+", " --rank-check 3"),
          Map.entry(" --valid-sessions \\d+", " --valid-sessions 40"),
          Map.entry(" --networks \\d+", " --networks 2"),
          Map.entry(" --rank \\d+", " --rank 15"),
          Map.entry("\\bn_epochs=\\d+", "n_epochs=1"),
          Map.entry("\\blayers=[\\d/]+", "layers=16"),
          Map.entry("\\bintent_epochs=\\d+", "intent_epochs=1"),
          Map.entry("\\bintent_trees=\\d+", "intent_trees=10"),
          Map.entry(" /tmp/", " "),
          // The samples' own names: the files here are simulated in their form.
          Map.entry("(?:\\.\\./shared/data|\\$KASEB_DATA)/retailrocket/", ""),
          Map.entry("\\.\\./shared/data/jd/events\\.csv\\.gz", "jd.csv.gz"));

  /// Commands of Kaseb that do not run here, and what runs them or keeps them from running.
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "kaseb bench .*",
          "measurements, in kaseb-bench, which has tests of its own",
          "kaseb quickstart --serve",
          "QuickstartServeTest",
          "kaseb .* --master .*",
          "SparkSubmitTest, with a spark-submit that writes down what it is given",
          "kaseb tune .* --studio .*",
          "StudioTest, with a search that has ended",
          "kaseb tune rr8 --space flat/space.json .*",
          "OneShotTest; only where shared weights order networks well is there such a space",
          "kaseb serve .* --tls-cert .*",
          "TlsTest, with a certificate of its own",
          "kaseb serve --config serve.yaml",
          "ServeDefaultsTest; its Redis and secrets are the reader's",
          ARCHIVE,
          "TutorialTest, which makes such an archive");

  /// Lines of other programs, and what runs them or keeps them from running.
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry(
              "curl .*", "ContractTest runs those of docs/http-api.md, README's is one of them"),
          Map.entry("mvn verify.*", "the build itself"),
          Map.entry("mvn -B verify", "the build itself"),
          Map.entry("mvn .*-pl kaseb-spark -am .*", "the build itself; ClusterTest in its profile"),
          Map.entry("mvn spotless:apply.*", "the build checks what it makes"),
          Map.entry("mvn -Pdist.*", "ArchiveTest and ContainerImageTest, under these profiles"),
          Map.entry("mvn -B .*(?:versions:set|deploy).*", "a release, made by a person"),
          Map.entry("mvn -B -DskipTests clean package && api/renew", "a release, made by a person"),
          Map.entry("git .*", "a release, made by a person"),
          Map.entry("docker .*", "needs a daemon; ContainerImageTest runs the image's files"),
          Map.entry("kaseb-VERSION/kaseb .*", "ArchiveTest"),
          Map.entry("source .*", "HelpTest"),
          Map.entry("gzip .*", "needs the RetailRocket sample"),
          Map.entry(
              "(?:python3 )?bench/.*",
              "measurements of minutes to hours, which need samples or a load"));

  private static final List<String> WRITTEN =
      List.of("--out", "--html", "--json", "--probabilities", "--features", "--item-features");

  /// Options whose values may be called like a file.
  private static final Set<String> NO_FILES = Set.of("--format", "--model", "--to", "--protocol");

  @TempDir private static Path inputs;
  @TempDir private Path folder;

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static void delete(Path file) throws IOException {
    if (Files.exists(file)) {
      try (Stream<Path> files = Files.walk(file)) {
        for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private List<String> words(String line) throws IOException {
    String smaller = line.replaceAll(" (?:[|&>]|2>|#).*", "");
    for (Map.Entry<String, String> size : SMALLER.entrySet()) {
      smaller = smaller.replaceAll(size.getKey(), Matcher.quoteReplacement(size.getValue()));
    }
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(smaller);
    while (word.find()) {
      words.add(word.group().replaceAll("['\"]", ""));
    }
    words.removeFirst();
    if (Set.of("train", "tune").contains(words.getFirst())) {
      for (String setting : PageFiles.SMALL) {
        String key = setting.substring(0, setting.indexOf('=') + 1);
        if (words.stream().noneMatch(given -> given.startsWith(key))) {
          words.addAll(List.of("--set", setting));
        }
      }
    }
    if (words.getFirst().equals("quickstart")) {
      if (!words.contains("--sessions")) {
        words.addAll(List.of("--sessions", "300"));
      }
      if (!words.contains("--out")) {
        words.addAll(List.of("--out", "quickstart"));
      }
    }
    CommandLine command = Main.commandLine().getSubcommands().get(words.getFirst());
    if (command.getCommandSpec().findOption("--threads") != null && !words.contains("--threads")) {
      // Threads that wait for each other make no headway on a machine that is busy otherwise.
      words.addAll(List.of("--threads", "1"));
    }
    return words;
  }

  /// Puts the folder before the name of each file: this process works in another.
  private String[] placed(List<String> words) throws IOException {
    String[] placed = words.toArray(String[]::new);
    for (int i = 1; i < placed.length; i++) {
      boolean written = WRITTEN.contains(placed[i - 1]);
      boolean none = placed[i].startsWith("-") || NO_FILES.contains(placed[i - 1]);
      Path file = none ? null : folder.resolve(placed[i]);
      if (file != null && (written || Files.exists(file))) {
        // What the page made before is in the way, unless this command reads it.
        if (written && !List.of(placed).subList(0, i).contains(file.toString())) {
          delete(file);
        }
        placed[i] = file.toString();
      }
    }
    return placed;
  }

  /// Returns whether a command listens until it is stopped.
  private static boolean listens(String command) {
    return command.matches("kaseb (?:serve|studio) .*");
  }

  /// Starts a server in a process of its own, waits for its first answer and stops it.
  private @Nullable String serves(String command) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    List<String> words = new ArrayList<>(Cli.command());
    words.addAll(words(command.replaceFirst(" --port \\d+", "")));
    words.addAll(List.of("--port", "" + port));
    Path log = folder.resolve("server.log");
    Process server =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest first =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
      while (server.isAlive()) {
        try {
          int status = client.send(first, HttpResponse.BodyHandlers.discarding()).statusCode();
          return status < 400 ? null : "answers with " + status;
        } catch (ConnectException notYet) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
      }
      return Files.readString(log);
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private @Nullable String failure(String command) throws Exception {
    if (listens(command)) {
      return serves(command);
    }
    Cli cli = Cli.run((Object[]) placed(words(command)));
    return cli.exit() == 0 ? null : cli.err();
  }

  @Test
  void everyCommandOfEveryPageRuns() throws Exception {
    PageFiles.write(inputs);
    Set<String> elsewhere = new TreeSet<>();
    List<String> failed = new ArrayList<>();
    int ran = 0;
    for (Path page : pages()) {
      delete(folder);
      copy(inputs, folder);
      for (String command : PagesTest.commands(page)) {
        List<String> reasons =
            page.endsWith("tutorial.md")
                ? List.of(ARCHIVE)
                : ELSEWHERE.keySet().stream().filter(command::matches).toList();
        elsewhere.addAll(reasons);
        if (reasons.isEmpty()) {
          ran++;
          String failure = failure(command);
          if (failure != null) {
            failed.add(page + ": " + command + "\n  " + failure.replace("\n", "\n  "));
          }
        }
      }
    }
    assertThat(failed).isEmpty();
    assertThat(ran).isGreaterThan(90);
    // A reason that no page needs is one that nobody would miss.
    assertThat(elsewhere).isEqualTo(new TreeSet<>(ELSEWHERE.keySet()));
  }

  /// Returns the lines of other programs in a page's blocks of commands.
  private static List<String> others(Path page) throws IOException {
    List<String> others = new ArrayList<>();
    boolean block = false;
    boolean code = false;
    StringBuilder open = new StringBuilder();
    for (String line : Files.readAllLines(page)) {
      String text = line.strip();
      if (text.startsWith("```")) {
        block = !block;
        code = block && text.matches("```(?:sh)?");
      } else if (code && text.endsWith("\\")) {
        open.append(text, 0, text.length() - 1);
      } else if (code) {
        String command =
            (open + text)
                .replaceFirst("^\\$ ", "")
                .replaceFirst("^(?:[A-Z_]+=(?:\"[^\"]*\"|\\S+) )+", "");
        open.setLength(0);
        if (PROGRAM.matcher(command).lookingAt()) {
          others.add(command);
        }
      }
    }
    return others;
  }

  @Test
  void everyLineOfAnotherProgramSaysWhyItDoesNotRunHere() throws IOException {
    List<Path> pages = new ArrayList<>(pages());
    pages.addAll(List.of(ROOT.resolve("RELEASING.md"), ROOT.resolve("CONTRIBUTING.md")));
    Set<String> used = new TreeSet<>();
    List<String> unknown = new ArrayList<>();
    for (Path page : pages) {
      for (String command : others(page)) {
        List<String> reasons = OTHERS.keySet().stream().filter(command::matches).toList();
        used.addAll(reasons);
        if (reasons.isEmpty()) {
          unknown.add(page + ": " + command);
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(used).isEqualTo(new TreeSet<>(OTHERS.keySet()));
  }
}
