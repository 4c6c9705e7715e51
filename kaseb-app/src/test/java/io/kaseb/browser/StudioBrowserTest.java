package io.kaseb.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.store.Experiment;
import io.kaseb.studio.Studio;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The studio as a browser shows it, with one search that has ended and one that runs.
class StudioBrowserTest {
  private static final String PROBE = "<img src=x onerror=\"document.title='gone'\">";
  private static final List<String> PARTS = List.of("", "/progress", "/parameters", "/trials");

  @TempDir private static Path folder;
  private static final CountDownLatch GO_ON = new CountDownLatch(1);
  private static Chromium chromium;
  private static Studio studio;
  private static Experiment running;
  private static Thread search;

  private static Settings settings(String name, int trials, Goal... goals) {
    Space space =
        Space.of(
            List.of(
                new Parameter("rate", Range.log(.001, 1)),
                new Parameter("units", Range.integers(8, 64)),
                new Parameter("kind", Choice.of("plain", PROBE))));
    return Settings.of(space, goals)
        .withName(name)
        .withMethod(MethodSpec.of("Random"), MethodSpec.of("Medianstop"))
        .withBudget(4)
        .withConcurrency(2)
        .withMaxTrials(trials);
  }

  @BeforeAll
  static void begin() throws IOException {
    chromium = Chromium.start();
    Settings ended = settings("ended", 14, Goal.maximize("score"), Goal.minimize("cost"));
    try (Experiment experiment = Experiment.create(folder.resolve("ended"), ended)) {
      Study.open(experiment.store())
          .run(
              trial -> {
                double score = 1 / (1 + Math.abs(Math.log(trial.parameters().number("rate")) + 3));
                double cost = trial.parameters().number("units");
                if (trial.id() == 5) {
                  throw new IllegalStateException("diverged " + PROBE);
                }
                for (int step = trial.from() + 1; step <= trial.until(); step++) {
                  trial.report(step, score * step / 4, cost);
                }
                return Outcome.of(score, cost);
              });
    }
    running =
        Experiment.create(
            folder.resolve("running"), settings("run " + PROBE, 5_000, Goal.minimize("loss")));
    running.lock();
    Study study = Study.open(running.store());
    search =
        Thread.ofPlatform()
            .daemon()
            .start(
                () ->
                    study.run(
                        trial -> {
                          trial.report(1, trial.parameters().number("rate"));
                          if (trial.id() >= 10) {
                            await();
                          }
                          return Outcome.of(trial.parameters().number("rate"));
                        }));
    Files.writeString(folder.resolve("running").resolve("plan.json"), "{}");
    Settings three =
        settings("three", 5, Goal.minimize("a"), Goal.maximize("b"), Goal.minimize("c"));
    try (Experiment experiment = Experiment.create(folder.resolve("three"), three)) {
      // More of the first is less of the second: a front of all; the third and the second agree.
      // The second is a measured one.
      Study.open(experiment.store())
          .run(t -> Outcome.of(t.id(), t.id(), -t.id()).withErrors(0, .0412, 0));
    }
    studio = Studio.start(new ListenConfig("127.0.0.1", 0, null, null, null), List.of(folder));
  }

  /// Trials from the tenth on last until they are killed, the experiment is stopped, or a second.
  private static void await() {
    try {
      GO_ON.await(1, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterAll
  static void end() throws Exception {
    GO_ON.countDown();
    if (studio != null) {
      studio.close();
    }
    if (search != null) {
      running.store().request(new io.kaseb.tune.study.Request.Stop());
      search.join();
      running.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  private static String base() {
    return "http://127.0.0.1:" + studio.port() + "/";
  }

  /// Opens an experiment from the list.
  private static Page opened(Looked looked, String name) {
    Page page = looked.at(base()).page();
    page.locator("tbody tr a", new Page.LocatorOptions().setHasText(name)).click();
    page.locator(".facts").first().waitFor();
    return page;
  }

  @Test
  void everyPageIsDrawnReadableAndTextStaysText() {
    for (boolean isDark : new boolean[] {false, true}) {
      int width = isDark ? 390 : 1200;
      try (Looked looked = chromium.look(width, isDark).at(base())) {
        Page page = looked.page();
        page.locator("tbody tr").first().waitFor();
        looked.isAccessible();
        looked.doesNotScrollSideways();
        for (String name : List.of("ended", "run")) {
          String one = opened(looked, name).url();
          for (String part : PARTS) {
            page.navigate(one + part);
            page.locator(part.equals("/trials") ? "tbody tr" : ".plot[data-drawn]")
                .first()
                .waitFor();
            looked.isAccessible();
            looked.doesNotScrollSideways();
            assertThat(page.locator("img").count()).as(name + part).isZero();
          }
          assertThat(page.locator("h1").innerText()).startsWith(name);
        }
        looked.noErrors();
        assertThat(page.title()).contains(PROBE);
        assertThat(looked.requests())
            .allMatch(url -> url.startsWith(base()) || url.startsWith("data:"));
      }
    }
  }

  @Test
  void everyChartOfAnEndedSearchIsDrawn() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "ended");
      String one = page.url();
      for (String part : List.of("", "/progress", "/parameters")) {
        page.navigate(one + part);
        Locator panels = page.locator(".panel");
        panels.first().waitFor();
        for (Locator panel : panels.all()) {
          panel.scrollIntoViewIfNeeded();
          panel.locator(".plot[data-drawn] canvas").first().waitFor();
          String id = panel.getAttribute("id");
          assertThat(looked.inked("#" + id + " canvas")).as(id).isGreaterThan(300);
        }
      }
      looked.noErrors();
    }
  }

  @Test
  void theTableSearchesComparesAndCopies() throws IOException {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "ended");
      page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
      page.getByText("Trials", new Page.GetByTextOptions().setExact(true)).click();
      page.locator("tbody tr").first().waitFor();
      page.getByLabel("Search").fill("units=20..40 rate<0.5");
      assertThat(page.locator("tbody tr").count()).isEqualTo(fitting()).isBetween(1, 13);
      page.getByLabel("Search").fill("nothing<2");
      page.getByText("there is no column nothing").waitFor();
      page.getByLabel("Search").fill("failed");
      page.getByLabel("Open trial 5").click();
      assertThat(page.locator("dialog").innerText()).contains("diverged <img src=x");
      looked.isAccessible();
      page.getByText("Copy as JSON").click();
      page.getByText("Copied the parameters of trial 5 as JSON.").waitFor();
      String copied = (String) page.evaluate("navigator.clipboard.readText()");
      assertThat(copied).contains("\"rate\":", "\"units\":");
      page.getByText("Copy as Java").click();
      page.getByText("Copied the parameters of trial 5 as Java.").waitFor();
      copied = (String) page.evaluate("navigator.clipboard.readText()");
      assertThat(copied).contains("new Parameters(", "Map.entry(\"units\", ");
      compiles(copied);
      page.keyboard().press("Escape");
      page.getByLabel("Search").fill("");
      page.getByLabel("choose trial 1", new Page.GetByLabelOptions().setExact(true)).check();
      page.getByLabel("choose trial 2", new Page.GetByLabelOptions().setExact(true)).check();
      page.getByText("Compare side by side").click();
      assertThat(page.locator("dialog thead").innerText()).contains("trial 1", "trial 2");
      looked.isAccessible();
      looked.noErrors();
    }
  }

  /// Fails where statements do not compile in a program that uses Kaseb.
  private static void compiles(String statements) throws IOException {
    Path file =
        Files.writeString(
            Files.createTempDirectory(folder, "java").resolve("Pasted.java"),
            """
            import io.kaseb.pipeline.ConfigFile;
            import io.kaseb.tune.space.Parameters;
            import java.util.List;
            import java.util.Map;
            class Pasted { void run() throws java.io.IOException { %s } }
            """
                .formatted(statements));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int exit =
        compiler.run(
            null,
            said,
            said,
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path")
                + File.pathSeparator
                + System.getProperty("jdk.module.path", ""),
            "-d",
            file.getParent().toString(),
            file.toString());
    assertThat(exit).as("%s%n%s", said, statements).isZero();
  }

  /// Returns how many trials of the ended search the table's search should find.
  private static int fitting() throws IOException {
    try (Experiment experiment = Experiment.open(folder.resolve("ended"))) {
      return (int)
          experiment.store().trials().stream()
              .map(trial -> trial.parameters())
              .filter(p -> p.number("units") >= 20 && p.number("units") <= 40)
              .filter(p -> p.number("rate") < .5)
              .count();
    }
  }

  @Test
  void axesAreMovedByKeyboardAndByMouse() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "ended");
      page.getByText("Parameters", new Page.GetByTextOptions().setExact(true)).click();
      page.locator("#chart-parallel .plot[data-drawn]").waitFor();
      Locator axes = page.locator("#chart-parallel .axes button");
      List<String> before = axes.allInnerTexts();
      assertThat(before).containsExactlyInAnyOrder("rate", "units", "kind");
      axes.first().focus();
      page.keyboard().press("ArrowRight");
      assertThat(axes.allInnerTexts()).containsExactly(before.get(1), before.get(0), before.get(2));
      assertThat(page.evaluate("document.activeElement.dataset.name")).isEqualTo(before.get(0));
      axes.nth(2).dragTo(axes.nth(0));
      assertThat(axes.allInnerTexts()).containsExactly(before.get(2), before.get(1), before.get(0));
      assertThat(drawnAxes(page))
          .containsExactly(before.get(2), before.get(1), before.get(0), "score");
      looked.isAccessible();
      looked.noErrors();
    }
  }

  @SuppressWarnings("unchecked")
  private static List<String> drawnAxes(Page page) {
    return (List<String>)
        page.evaluate(
            "echarts.getInstanceByDom(document.querySelector('#chart-parallel .plot'))"
                + ".getOption().parallelAxis.map(a => a.name)");
  }

  @Test
  void theFrontOfAnyTwoGoalsIsDrawn() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "three");
      page.getByText("Progress", new Page.GetByTextOptions().setExact(true)).click();
      page.locator("#chart-pareto").scrollIntoViewIfNeeded();
      page.locator("#chart-pareto .plot[data-drawn]").waitFor();
      assertThat(page.locator("#chart-pareto p").first().innerText()).contains("a (", "b (");
      page.locator("#pareto-x").selectOption("2");
      Locator plot = page.locator("#chart-pareto");
      assertThat(plot.locator("p").first().innerText()).contains("c (", "b (");
      Object front =
          page.evaluate(
              "echarts.getInstanceByDom(document.querySelector('#chart-pareto .plot'))"
                  + ".getOption().series[1].data.map(p => p[2])");
      assertThat((List<?>) front).isEqualTo(List.of(4));
      looked.isAccessible();
      looked.noErrors();
    }
  }

  @Test
  void aMeasuredValueHasItsStandardError() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "three");
      page.getByText("Trials", new Page.GetByTextOptions().setExact(true)).first().click();
      page.getByLabel("Open trial 3").waitFor();
      assertThat(page.locator("tbody tr").nth(3).innerText()).contains("3 ± 0.041", "-3");
      page.getByLabel("Open trial 3").click();
      assertThat(page.locator("dialog").innerText()).contains("3 ± 0.041").doesNotContain("-3 ±");
      looked.isAccessible();
      looked.noErrors();
    }
  }

  @Test
  void notesAreMarkdownWithoutHtml() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "ended");
      page.getByText("Add a note").click();
      page.getByLabel("Note on the experiment")
          .fill("# Plan\n- **bold** " + PROBE + "\n- [x](javascript:alert(1))");
      page.getByText("Save the note").click();
      page.locator(".note strong").waitFor();
      assertThat(page.locator(".note").innerText())
          .contains("Plan", PROBE, "[x](javascript:alert(1))");
      assertThat(page.locator(".note img, .note a").count()).isZero();
      page.reload();
      page.locator(".note strong").waitFor();
      looked.noErrors();
    }
  }

  @Test
  void aRunningSearchIsLiveAndSteered() throws IOException {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "run");
      page.getByText("Pause", new Page.GetByTextOptions().setExact(true)).click();
      page.locator(".badge.paused").waitFor();
      page.getByText("Go on", new Page.GetByTextOptions().setExact(true)).click();
      page.locator(".badge.running").waitFor();
      page.getByLabel("Trials in all").fill("4000");
      page.getByText("Change", new Page.GetByTextOptions().setExact(true)).click();
      page.getByText("of 4000").first().waitFor();
      page.getByText("Trials", new Page.GetByTextOptions().setExact(true)).click();
      page.getByLabel("Open trial 0").click();
      page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
      page.getByText("Copy as Java").click();
      page.getByText("Copied the parameters of trial 0 as Java.").waitFor();
      String copied = (String) page.evaluate("navigator.clipboard.readText()");
      assertThat(copied).contains("ConfigFile.resolve(", "\"units=");
      compiles(copied);
      page.getByText("New trial from this one").click();
      page.locator("dialog").getByLabel("units").fill("99");
      page.getByText("Enqueue").click();
      page.getByText("units=99; must be an integer of 8..64").waitFor();
      looked.noErrors(error -> error.contains("400"));
      page.locator("dialog").getByLabel("units").fill("33");
      page.getByText("Enqueue").click();
      page.getByText("The new trial will begin soon.").waitFor();
      page.getByLabel("Search").fill("units=33");
      page.locator("tbody tr").first().waitFor();
      looked.noErrors();
    }
  }

  @Test
  void severalExperimentsStandBesideEachOther() {
    try (Looked looked = chromium.look(1200).at(base())) {
      Page page = looked.page();
      page.locator("tbody tr").first().waitFor();
      for (Locator box : page.locator("tbody input").all()) {
        box.check();
      }
      page.getByText("Compare the chosen").click();
      page.locator("#chart-bests .plot[data-drawn]").waitFor();
      assertThat(page.locator("thead").innerText()).contains("1 ended", "2 run");
      looked.isAccessible();
      looked.noErrors();
    }
  }

  @Test
  void whatIsNotThereIsSaid() {
    try (Looked looked = chromium.look(390).at(base() + "#/no-such-experiment")) {
      looked.page().getByText("no such experiment").waitFor();
      looked.isAccessible();
      looked.noErrors(error -> error.contains("404"));
    }
  }

  @Test
  void forgedHostsAndOriginsReadAndChangeNothing() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String path : List.of("v1/experiments", "v1/experiments/x/events")) {
        HttpRequest forged =
            HttpRequest.newBuilder(URI.create(base() + path))
                .header("Content-Type", "application/json")
                .header("Origin", "http://evil.example")
                .build();
        assertThat(client.send(forged, HttpResponse.BodyHandlers.ofString()).statusCode())
            .isEqualTo(403);
      }
    }
    String evil =
        String.join(
            "\r\n",
            "GET /v1/experiments HTTP/1.1",
            "Host: evil.example",
            "Content-Type: application/json",
            "Connection: close",
            "",
            "");
    try (var socket = new java.net.Socket("127.0.0.1", studio.port())) {
      socket.getOutputStream().write(evil.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      String answer =
          new String(
              socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 421");
    }
  }
}
