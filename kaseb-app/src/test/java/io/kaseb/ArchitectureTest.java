package io.kaseb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules of docs/architecture.md.
class ArchitectureTest {
  private static final JavaClasses KASEB =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kaseb");

  /// The packages of kaseb-tune, each of which may import those before it.
  private static final List<String> TUNE =
      List.of("tune.math", "tune.space", "tune.trial", "tune.pruner", "tune.sampler", "tune.study");

  /// What each other package may import of Kaseb, besides itself.
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("base", List.of()),
          Map.entry("config", List.of("base")),
          Map.entry("event", List.of("base")),
          Map.entry("kernel", List.of("base", "config")),
          Map.entry("model", List.of("base", "kernel", "config")),
          Map.entry("newitem", List.of("base", "event", "model")),
          Map.entry("baseline", List.of("base", "kernel", "config", "model", "newitem", "intent")),
          Map.entry("signal", List.of("base", "config", "event", "model")),
          Map.entry("feature", List.of("event", "signal")),
          Map.entry(
              "intent", List.of("base", "kernel", "config", "event", "model", "signal", "feature")),
          Map.entry(
              "forecast",
              List.of(
                  "base", "config", "event", "model", "newitem", "baseline", "signal", "intent")),
          Map.entry("duckdb", List.of("base")),
          Map.entry("data", List.of("base", "event", "model", "duckdb")),
          Map.entry("logfile", List.of("base", "event", "duckdb")),
          Map.entry("ingest", List.of("base", "event", "model", "duckdb", "data", "logfile")),
          Map.entry("simulate", List.of("base", "data", "duckdb", "event", "tune.math")),
          Map.entry("network", List.of("base", "kernel", "config", "model", "tune.math")),
          Map.entry(
              "train",
              List.of(
                  "base",
                  "kernel",
                  "config",
                  "event",
                  "model",
                  "newitem",
                  "baseline",
                  "data",
                  "network",
                  "tune.math")),
          Map.entry(
              "intentfit",
              List.of(
                  "base",
                  "kernel",
                  "config",
                  "event",
                  "model",
                  "signal",
                  "feature",
                  "intent",
                  "data",
                  "network",
                  "tune.math")),
          Map.entry(
              "eval",
              List.of(
                  "base",
                  "event",
                  "model",
                  "intent",
                  "forecast",
                  "data",
                  "intentfit",
                  "tune.math")),
          Map.entry("report", List.of("base", "model", "intent", "eval")),
          Map.entry("export", List.of("base", "config", "model", "signal", "intent")),
          Map.entry("compress", List.of("base", "model", "baseline", "forecast", "tune.math")),
          Map.entry("store", List.of("base", "tune.space", "tune.trial", "tune.study")),
          Map.entry(
              "trial",
              List.of(
                  "base",
                  "config",
                  "model",
                  "intent",
                  "forecast",
                  "eval",
                  "compress",
                  "pipeline",
                  "tune.space",
                  "tune.trial")),
          Map.entry("serve.session", List.of("base", "event", "tune.math")),
          Map.entry("serve.http", List.of("base")),
          Map.entry("serve.pages", List.of("event", "serve.http")),
          Map.entry("watch", List.of("base", "store", "tune.space", "tune.trial", "tune.study")),
          Map.entry(
              "studio",
              List.of(
                  "base",
                  "search",
                  "store",
                  "watch",
                  "serve.http",
                  "tune.space",
                  "tune.trial",
                  "tune.study")),
          Map.entry(
              "nas",
              List.of(
                  "base",
                  "kernel",
                  "config",
                  "model",
                  "forecast",
                  "data",
                  "network",
                  "train",
                  "eval",
                  "pipeline",
                  "tune.trial")),
          Map.entry(
              "serve",
              List.of(
                  "base",
                  "event",
                  "model",
                  "newitem",
                  "forecast",
                  "serve.session",
                  "serve.http",
                  "serve.pages")));

  /// The one home of each third-party library, and of what only one package may touch.
  private static final Map<String, String> HOME =
      Map.ofEntries(
          Map.entry("org.duckdb..", "io.kaseb.duckdb"),
          Map.entry("org.apache.commons.compress..", "io.kaseb.logfile"),
          Map.entry("org.sqlite..", "io.kaseb.store"),
          Map.entry("ml.dmlc..", "io.kaseb.intentfit"),
          Map.entry("jdk.incubator.vector..", "io.kaseb.kernel"),
          Map.entry("picocli..", "io.kaseb.cli.."),
          Map.entry("me.tongfei..", "io.kaseb.cli.."),
          Map.entry("org.eclipse.jetty..", "io.kaseb.serve.http"),
          Map.entry("io.micrometer..", "io.kaseb.serve"),
          Map.entry("io.lettuce..", "io.kaseb.serve.session"),
          Map.entry("reactor..", "io.kaseb.serve.session"));

  private static void mayImport(String name, List<String> allowed) {
    List<String> packages =
        new ArrayList<>(
            List.of(
                "java..",
                "javax..",
                "jdk..",
                "org..",
                "tools..",
                "ml..",
                "com..",
                "picocli..",
                "io.lettuce..",
                "reactor..",
                "io.micrometer.."));
    packages.add("io.kaseb." + name);
    allowed.forEach(other -> packages.add("io.kaseb." + other));
    classes()
        .that()
        .resideInAPackage("io.kaseb." + name)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages.toArray(String[]::new))
        .check(KASEB);
  }

  @Test
  void packagesImportOnlyWhatTheyMay() {
    MAY_IMPORT.forEach(ArchitectureTest::mayImport);
    IntStream.range(0, TUNE.size()).forEach(i -> mayImport(TUNE.get(i), TUNE.subList(0, i)));
  }

  @Test
  void tuneNeedsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("io.kaseb.tune..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "io.kaseb.tune..", "org.jspecify..")
        .check(KASEB);
  }

  @Test
  void everyLibraryHasOneHome() {
    HOME.forEach(
        (library, home) ->
            noClasses()
                .that()
                .resideInAPackage("io.kaseb..")
                .and()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(KASEB));
  }

  @Test
  void requestHandlersSeeModelsThroughForecastOnly() {
    noClasses()
        .that()
        .resideInAPackage("io.kaseb.serve..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.kaseb.cli..",
            "io.kaseb.kernel..",
            "io.kaseb.train..",
            "io.kaseb.network..",
            "io.kaseb.intent..",
            "io.kaseb.baseline..")
        .check(KASEB);
  }

  @Test
  void noCycles() {
    slices().matching("io.kaseb.(*)..").should().beFreeOfCycles().check(KASEB);
    slices().matching("io.kaseb.tune.(*)..").should().beFreeOfCycles().check(KASEB);
    slices().matching("io.kaseb.cli.(*)..").should().beFreeOfCycles().check(KASEB);
  }

  @Test
  void whatCommandsShareKnowsNoCommand() {
    noClasses()
        .that()
        .resideInAnyPackage("io.kaseb.cli.option..", "io.kaseb.cli.terminal..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.kaseb.cli")
        .check(KASEB);
  }

  @Test
  void onlyTheCommandPrintsOrExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.kaseb.cli..")
        .and()
        // Where nobody listens to the log it has one line to say.
        .doNotHaveFullyQualifiedName("io.kaseb.kernel.KernelChoice")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(KASEB);
  }

  /// The only places where threads begin: what works in parallel takes the workers that it is
  /// given.
  private static final List<String> BEGIN_THREADS =
      List.of(
          "io.kaseb.base.Workers",
          "io.kaseb.network.Team",
          "io.kaseb.tune.study.Study",
          "io.kaseb.search.StudyStopper",
          "io.kaseb.duckdb.DuckDatabase",
          "io.kaseb.studio.Studio",
          "io.kaseb.studio.ResumedSearch");

  private static boolean usesTheCommonPool(JavaAccess<?> access) {
    String name = access.getTarget().getName();
    JavaClass owner = access.getTargetOwner();
    boolean isParallelStream =
        (owner.isAssignableTo(BaseStream.class) && name.equals("parallel"))
            || (owner.isAssignableTo(Collection.class) && name.equals("parallelStream"))
            || (owner.isEquivalentTo(Arrays.class) && name.startsWith("parallel"));
    boolean isAsync =
        owner.isAssignableTo(CompletionStage.class)
            && name.endsWith("Async")
            && access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
            && target.getRawParameterTypes().stream()
                .noneMatch(type -> type.isAssignableTo(Executor.class));
    return isParallelStream
        || isAsync
        || owner.isAssignableTo(ForkJoinPool.class)
        || owner.isAssignableTo(ForkJoinTask.class)
        || (owner.isEquivalentTo(Executors.class) && name.equals("newWorkStealingPool"));
  }

  private static boolean beginsThreads(JavaAccess<?> access) {
    String name = access.getTarget().getName();
    JavaClass owner = access.getTargetOwner();
    boolean isThread =
        owner.isAssignableTo(Thread.class)
            && List.of("<init>", "ofPlatform", "ofVirtual", "startVirtualThread").contains(name);
    return isThread
        || (owner.isEquivalentTo(Executors.class) && name.startsWith("new"))
        || (owner.isAssignableTo(Timer.class) && name.equals("<init>"));
  }

  private static DescribedPredicate<JavaAccess<?>> where(
      String description, Predicate<JavaAccess<?>> predicate) {
    return DescribedPredicate.describe(description, predicate);
  }

  @Test
  void nothingUsesTheCommonPool() {
    noClasses()
        .should()
        .accessTargetWhere(where("it uses the common pool", ArchitectureTest::usesTheCommonPool))
        .check(KASEB);
  }

  @Test
  void threadsBeginInFewPlaces() {
    noClasses()
        .that(
            DescribedPredicate.describe(
                "may not begin threads",
                (JavaClass type) ->
                    !BEGIN_THREADS.contains(type.getName())
                        && !type.getPackageName().startsWith("io.kaseb.serve")
                        && !type.getPackageName().startsWith("io.kaseb.cli")))
        .should()
        .accessTargetWhere(where("it begins a thread", ArchitectureTest::beginsThreads))
        .check(KASEB);
  }

  /// The rule above sees the modules below this one; the text sees all.
  @Test
  void noModuleHasAParallelStream() throws IOException {
    Pattern parallel =
        Pattern.compile("\\.parallel\\(\\)|parallelStream\\(|commonPool\\(|ForkJoinPool");
    try (Stream<Path> walk = Files.walk(Path.of("..").toRealPath(), 20)) {
      List<Path> sources =
          walk.filter(f -> f.toString().endsWith(".java"))
              .filter(f -> f.toString().contains("/src/main/"))
              .toList();
      assertThat(sources)
          .anyMatch(f -> f.toString().contains("/kaseb-bench/"))
          .allSatisfy(f -> assertThat(Files.readString(f)).doesNotContainPattern(parallel));
    }
  }

  /// The rules find what they are for.
  @Test
  void parallelWorkIsFound() {
    JavaClasses own = new ClassFileImporter().importClasses(Parallel.class);
    List<String> pool = new ArrayList<>();
    List<String> threads = new ArrayList<>();
    own.get(Parallel.class)
        .getAccessesFromSelf()
        .forEach(
            access -> {
              if (usesTheCommonPool(access)) {
                pool.add(access.getTarget().getName());
              }
              if (beginsThreads(access)) {
                threads.add(access.getTarget().getName());
              }
            });
    assertThat(pool)
        .containsExactlyInAnyOrder(
            "parallel", "parallelStream", "parallelSetAll", "runAsync", "commonPool");
    assertThat(threads).containsExactlyInAnyOrder("<init>", "ofVirtual", "newFixedThreadPool");
  }

  /// What the rules forbid, beside what they allow.
  @SuppressWarnings({"unused", "ReturnValueIgnored"}) // it is read, and never run
  private static final class Parallel {
    static void forbidden() {
      var _ = IntStream.range(0, 2).parallel().sum();
      var _ = List.of(1).parallelStream().count();
      Arrays.parallelSetAll(new int[1], i -> i);
      CompletableFuture.runAsync(() -> {}).join();
      ForkJoinPool.commonPool();
      new Thread(() -> {}).start();
      Thread.ofVirtual().start(() -> {});
    }

    static void allowed() {
      try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
        CompletableFuture.runAsync(() -> {}, pool).join();
      }
      Arrays.setAll(new int[1], i -> i);
      Thread.currentThread().isInterrupted();
    }
  }

  /// Options are the command line's own: what lies below it marks settings, see
  /// [io.kaseb.base.KasebException]. Options of the JVM are not Kaseb's.
  @Test
  void onlyTheCommandLineNamesOptions() throws IOException {
    Pattern option = Pattern.compile("(?<![\\w-])--(?!add-modules)[a-z]");
    assertThat(StringLiterals.of("\"--x \\\" --y\" // \"--z\"\n'\"' + \"\"\"\n a --b\n\"\"\""))
        .containsExactly("--x \\\" --y", "\n a --b\n");
    for (Path source : sourcesBelowTheCommandLine()) {
      assertThat(StringLiterals.of(Files.readString(source)))
          .as(source.toString())
          .noneMatch(literal -> option.matcher(literal).find());
    }
  }

  /// A message is composed of its parts, never taken apart again.
  @Test
  void nobodyEditsMessages() throws IOException {
    Pattern edit =
        Pattern.compile(
            "getMessage\\(\\)\\)?\\s*\\.(replace|substring|indexOf|split|matches|contains|startsWith)");
    for (Path source : sourcesBelowTheCommandLine()) {
      assertThat(Files.readString(source)).as(source.toString()).doesNotContainPattern(edit);
    }
  }

  private static List<Path> sourcesBelowTheCommandLine() throws IOException {
    Path root = Path.of("..").toRealPath();
    List<Path> sources = new ArrayList<>();
    for (String folder :
        List.of(
            "kaseb-tune/src/main",
            "kaseb-forecast/src/main",
            "kaseb-core/src/main",
            "kaseb-app/src/main/java/io/kaseb/serve")) {
      try (Stream<Path> walk = Files.walk(root.resolve(folder))) {
        walk.filter(f -> f.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    assertThat(sources).hasSizeGreaterThan(200);
    return sources;
  }

  @Test
  void packagesAndFilesKeepTheirSizeCaps() throws IOException {
    Path root = Path.of("..").toRealPath();
    try (Stream<Path> walk = Files.walk(root, 20)) {
      List<Path> sources =
          walk.filter(f -> f.toString().endsWith(".java"))
              .filter(f -> f.toString().contains("/src/"))
              .toList();
      assertThat(sources).hasSizeGreaterThan(300);
      for (Path source : sources) {
        assertThat(Files.readAllLines(source)).as(source.toString()).hasSizeLessThanOrEqualTo(600);
      }
      sources.stream()
          .filter(f -> f.toString().contains("/src/main/"))
          .collect(Collectors.groupingBy(Path::getParent))
          .forEach(
              (folder, files) ->
                  assertThat(files).as(folder.toString()).hasSizeLessThanOrEqualTo(30));
    }
  }
}
