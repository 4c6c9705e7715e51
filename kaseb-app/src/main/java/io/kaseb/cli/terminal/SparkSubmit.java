package io.kaseb.cli.terminal;

import io.kaseb.base.KasebException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `kaseb prepare|forecast|tune --master MASTER ...`: has an Apache Spark cluster do it, by the
/// `spark-submit` of the Spark under `SPARK_HOME`.
///
/// @param environment environment variables
/// @param built the folder of `kaseb-spark-VERSION.jar` and its `lib`
public record SparkSubmit(Map<String, String> environment, Path built) {
  private static final String MASTER = "--master";
  private static final String CONF = "--conf";
  private static final Set<String> COMMANDS = Set.of("prepare", "forecast", "tune");

  /// What the JVMs of driver and executors need: the Vector API, DuckDB, and what Spark reads of
  /// the JDK's inside.
  public static final String FLAGS =
      "--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
          + " --sun-misc-unsafe-memory-access=allow"
          + Stream.of(
                  "java.lang",
                  "java.lang.invoke",
                  "java.lang.reflect",
                  "java.io",
                  "java.net",
                  "java.nio",
                  "java.util",
                  "java.util.concurrent",
                  "java.util.concurrent.atomic",
                  "jdk.internal.ref",
                  "sun.nio.ch",
                  "sun.nio.cs",
                  "sun.util.calendar")
              .map(inside -> " --add-opens=java.base/" + inside + "=ALL-UNNAMED")
              .collect(Collectors.joining());

  private static final Set<String> OURS =
      Set.of("spark.driver.extraJavaOptions", "spark.executor.extraJavaOptions");

  /// Returns whether a command line asks for a cluster.
  public static boolean isWanted(List<String> args) {
    return !args.isEmpty()
        && COMMANDS.contains(args.getFirst())
        && args.stream().anyMatch(arg -> arg.equals(MASTER) || arg.startsWith(MASTER + "="))
        && args.stream().noneMatch(arg -> arg.equals("--help") || arg.equals("-h"));
  }

  /// Returns the one of this process, whose Spark jars lie where it was built, in the archive's
  /// folder `spark`, or where `KASEB_SPARK` says.
  public static SparkSubmit here() {
    String named = System.getenv("KASEB_SPARK");
    return new SparkSubmit(System.getenv(), named == null ? beside() : Path.of(named));
  }

  private static Path beside() {
    CodeSource source = SparkSubmit.class.getProtectionDomain().getCodeSource();
    try {
      Path code = Path.of(Objects.requireNonNull(source).getLocation().toURI());
      // ROOT/kaseb-app/target/classes, or ROOT/lib/kaseb-app.jar of the archive.
      Path root = Objects.requireNonNull(code.getParent()).getParent();
      Path checkout = root == null ? null : root.resolveSibling("kaseb-spark").resolve("target");
      return checkout != null && Files.isDirectory(checkout)
          ? checkout
          : Objects.requireNonNullElse(root, code).resolve("spark");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Runs a command line on its cluster; returns the exit code of `spark-submit`.
  public int run(List<String> args) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command(args)).inheritIO();
    Path home = Path.of(System.getProperty("java.home"));
    if (Files.exists(home.resolve("bin").resolve(isWindows() ? "javac.exe" : "javac"))) {
      builder.environment().put("JAVA_HOME", home.toString());
    }
    return builder.start().waitFor();
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  /// Returns the command line of `spark-submit`.
  public List<String> command(List<String> args) throws IOException {
    String master = null;
    List<String> settings = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      String name = arg.contains("=") ? arg.substring(0, arg.indexOf('=')) : arg;
      if (!name.equals(MASTER) && !name.equals(CONF)) {
        rest.add(arg);
        continue;
      }
      if (name.equals(arg) && i + 1 == args.size()) {
        throw new KasebException(name + ": needs a value");
      }
      String value = name.equals(arg) ? args.get(++i) : arg.substring(name.length() + 1);
      if (name.equals(MASTER)) {
        master = value;
      } else {
        settings.add(value);
      }
    }
    List<String> command = new ArrayList<>(List.of(submit().toString()));
    command.addAll(List.of(MASTER, Objects.requireNonNull(master)));
    command.addAll(List.of("--class", "io.kaseb.spark.Main"));
    command.addAll(settings(settings, threads(rest)));
    List<Path> jars = jars(built.resolve("lib"), "");
    if (!jars.isEmpty()) {
      command.add("--jars");
      command.add(jars.stream().map(Path::toString).collect(Collectors.joining(",")));
    }
    command.add(application().toString());
    command.addAll(rest);
    return command;
  }

  /// A task of a trial has as many cores as threads.
  private static @Nullable String threads(List<String> rest) {
    if (!rest.getFirst().equals("tune")) {
      return null;
    }
    for (int i = 0; i < rest.size(); i++) {
      if (rest.get(i).startsWith("--threads=")) {
        return rest.get(i).substring("--threads=".length());
      }
      if (rest.get(i).equals("--threads") && i + 1 < rest.size()) {
        return rest.get(i + 1);
      }
    }
    return null;
  }

  private static List<String> settings(List<String> given, @Nullable String threads) {
    List<String> words = new ArrayList<>();
    if (threads != null) {
      words.addAll(List.of(CONF, "spark.task.cpus=" + threads));
    }
    for (String key : OURS.stream().sorted().toList()) {
      String more =
          given.stream()
              .filter(setting -> setting.startsWith(key + "="))
              .map(setting -> " " + setting.substring(key.length() + 1))
              .collect(Collectors.joining());
      words.addAll(List.of(CONF, key + "=" + FLAGS + more));
    }
    for (String setting : given) {
      if (!setting.contains("=")) {
        throw new KasebException(
            CONF + " " + setting + ": must be KEY=VALUE, a setting of Spark's");
      }
      if (!OURS.contains(setting.substring(0, setting.indexOf('=')))) {
        words.addAll(List.of(CONF, setting));
      }
    }
    return words;
  }

  private Path submit() {
    String home = environment.getOrDefault("SPARK_HOME", "");
    if (home.isEmpty()) {
      throw new KasebException(
          "SPARK_HOME is not set: --master needs Spark 4 on this machine; set SPARK_HOME to its folder, or leave --master out");
    }
    Path submit =
        Path.of(home).resolve("bin").resolve(isWindows() ? "spark-submit.cmd" : "spark-submit");
    if (!Files.isExecutable(submit)) {
      throw new KasebException(
          "SPARK_HOME=%s: has no bin/%s; it must be a folder of Spark 4"
              .formatted(home, submit.getFileName()));
    }
    return submit.toAbsolutePath();
  }

  private Path application() throws IOException {
    List<Path> found = jars(built, "kaseb-spark-");
    if (found.isEmpty()) {
      throw new KasebException(
          "%s: has no kaseb-spark jar; build it in the checkout: mvn -B -q -DskipTests -pl kaseb-spark -am package. Or name its folder in KASEB_SPARK"
              .formatted(built));
    }
    return found.getFirst();
  }

  private static List<Path> jars(Path folder, String prefix) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(
              file -> {
                String name = String.valueOf(file.getFileName());
                return name.startsWith(prefix)
                    && name.endsWith(".jar")
                    && !name.matches(".*-(sources|tests|javadoc)\\.jar");
              })
          .map(Path::toAbsolutePath)
          .sorted()
          .toList();
    }
  }
}
