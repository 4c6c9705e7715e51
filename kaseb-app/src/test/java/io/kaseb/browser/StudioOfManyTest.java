package io.kaseb.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.kaseb.Await;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.store.Experiment;
import io.kaseb.studio.Studio;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The studio with searches of many trials and reports, one of which grows while it is looked at.
class StudioOfManyTest {
  private static final int TRIALS = 1_100;

  /// A trial with more reports than a chart of all shows.
  private static final int LONG = 500;

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static Studio studio;
  private static Experiment growing;

  private static Settings settings(String name) {
    return Settings.of(
            Space.of(List.of(new Parameter("rate", Range.of(0, 1)))), Goal.maximize("score"))
        .withName(name)
        .withBudget(LONG)
        .withMaxTrials(5_000);
  }

  @BeforeAll
  static void begin() throws IOException {
    chromium = Chromium.start();
    try (Experiment many = Experiment.create(folder.resolve("many"), settings("many"))) {
      for (int id = 0; id < TRIALS; id++) {
        add(many, id, id == 7 ? LONG : 2, id * 37 % 1000 / 1000.);
      }
      many.store().status(new StudyStatus(StudyState.DONE, "", 10));
    }
    growing = Experiment.create(folder.resolve("growing"), settings("growing"));
    growing.lock();
    growing.store().status(new StudyStatus(StudyState.RUNNING, "", 10));
    for (int id = 0; id < 40; id++) {
      add(growing, id, 3, id % 10 / 10.);
    }
    Settings layered =
        Settings.of(
                Space.of(
                    List.of(
                        new Parameter("rate", Range.of(0, 1)),
                        new Parameter("layers", Range.integers(1, 3)))),
                Goal.maximize("score"),
                Goal.minimize("cost"))
            .withName("paused")
            .withBudget(4)
            .withMaxTrials(50);
    try (Experiment paused = Experiment.create(folder.resolve("paused"), layered)) {
      for (int id = 0; id < 12; id++) {
        addPaused(paused, id, id % 3 == 0);
      }
      paused.store().status(new StudyStatus(StudyState.STOPPED, "", 10));
    }
    studio = Studio.start(new ListenConfig("127.0.0.1", 0, null, null, null), List.of(folder));
  }

  private static Trial waiting(int id, double value) {
    return Trial.waiting(id, new Parameters(Map.of("rate", value)), Trial.Origin.SAMPLER);
  }

  /// Adds a trial that has run: reports, then the result.
  private static void add(Experiment experiment, int id, int reports, double value) {
    Trial trial = waiting(id, value);
    experiment.store().save(trial);
    trial = trial.started(new Segment(id, Math.max(0, id - 1), 0, reports));
    experiment.store().save(trial);
    for (int step = 1; step <= reports; step++) {
      experiment.store().report(id, new Measurement(step, List.of(value * step / reports)));
    }
    experiment.store().save(trial.ended(TrialState.SUCCEEDED, Outcome.of(value), "", 1));
  }

  /// Adds a trial of two goals; one that waits to go on has far lower values than the others.
  private static void addPaused(Experiment experiment, int id, boolean waits) {
    Map<String, Object> parameters = Map.of("rate", id / 12., "layers", (long) (1 + id % 3));
    double value = waits ? .1 : .8 + id / 100.;
    Trial trial = Trial.waiting(id, new Parameters(parameters), Trial.Origin.SAMPLER);
    experiment.store().save(trial);
    Trial started = trial.started(new Segment(id, Math.max(0, id - 1), 0, waits ? 1 : 4));
    experiment.store().save(started);
    experiment.store().report(id, new Measurement(1, List.of(value, value)));
    experiment
        .store()
        .save(
            waits
                ? started.ended(TrialState.WAITING, null, "", 1)
                : started.ended(TrialState.SUCCEEDED, Outcome.of(value, value), "", 1));
  }

  @AfterAll
  static void end() throws IOException {
    if (studio != null) {
      studio.close();
    }
    if (growing != null) {
      growing.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  private static Page opened(Looked looked, String name, String part) {
    Page page = looked.at("http://127.0.0.1:" + studio.port() + "/").page();
    page.locator("tbody tr a", new Page.LocatorOptions().setHasText(name)).click();
    page.locator(".facts").first().waitFor();
    page.navigate(page.url() + part);
    return page;
  }

  private static int count(Page page, String chart, String what) {
    Object text =
        page.evaluate(
            "([id, what]) => document.querySelector(id + ' .plot').dataset[what] ?? '0'",
            List.of("#chart-" + chart, what));
    return Integer.parseInt((String) text);
  }

  @Test
  void ofManyReportsSomeAreDrawnAndAllAreThereForWhoAsks() throws Exception {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "many", "/progress");
      Locator chart = page.locator("#chart-curves");
      chart.locator(".plot[data-drawn]").waitFor();
      assertThat(chart.locator("p").first().innerText())
          .contains("Of 1100 trials with reports 1000 are drawn: the best 300, the latest 200")
          .contains("at most 200 points")
          .contains("A trial that is opened shows all its reports.");
      looked.isAccessible();
      assertThat(looked.requests()).noneMatch(url -> url.contains("all=true"));
      page.locator("#curves-reports").selectOption("all");
      Await.until("all are drawn", () -> lines(page) == TRIALS);
      assertThat(chart.locator("p").first().innerText()).doesNotContain("are drawn");
      page.locator("#curves-reports").selectOption("some");
      Await.until("some are drawn", () -> lines(page) == 1000);
      looked.noErrors();
    }
  }

  /// Returns how many curves the chart of reports has.
  private static int lines(Page page) {
    Number lines =
        (Number)
            page.evaluate(
                """
                () => echarts.getInstanceByDom(document.querySelector('#chart-curves .plot'))
                  .getOption().series.reduce((n, s) => {
                    if (s.type === 'line') return n + 1;
                    for (let at = 0; at < s.data.length; at += 1 + 2 * s.data[at]) n++;
                    return n;
                  }, 0)
                """);
    return lines.intValue();
  }

  @Test
  void aTrialThatIsOpenedShowsAllItsReports() {
    try (Looked looked = chromium.look(390)) {
      Page page = opened(looked, "many", "/trials");
      page.getByLabel("Search").fill("7");
      page.getByLabel("Open trial 7").click();
      page.locator("#chart-reports .plot[data-drawn]").waitFor();
      assertThat(page.locator("#chart-reports p").first().innerText())
          .isEqualTo("score at each of its 500 reports.");
      page.getByText("The 500 reports as a table").click();
      assertThat(page.locator(".reports tbody tr").count()).isEqualTo(LONG);
      assertThat(page.locator(".reports tbody tr").last().innerText()).contains("500", "0.259");
      looked.isAccessible();
      looked.doesNotScrollSideways();
      looked.noErrors();
    }
  }

  @Test
  void trialsThatWaitAreWithinTheAxes() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "paused", "/parameters");
      for (String[] chart :
          new String[][] {{"slice", "/parameters"}, {"pareto", "/progress"}, {"history", ""}}) {
        page.navigate(page.url().replaceAll("/(parameters|progress)$", "") + chart[1]);
        String plot = "#chart-" + chart[0] + " .plot";
        page.locator(plot + "[data-drawn]").waitFor();
        Object lowest =
            page.evaluate(
                "selector => { const c = echarts.getInstanceByDom(document.querySelector(selector));"
                    + " return c.getOption().yAxis[0].min; }",
                plot);
        assertThat(((Number) lowest).doubleValue()).as(chart[0]).isBetween(-.1, .1);
      }
      looked.noErrors();
    }
  }

  @Test
  void fewWholeNumbersHaveAFieldEach() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "paused", "/parameters");
      page.locator("#chart-contour").scrollIntoViewIfNeeded();
      page.locator("#chart-contour .plot[data-drawn]").waitFor();
      page.locator("#contour-x").selectOption("layers");
      Object labels =
          page.evaluate(
              "() => echarts.getInstanceByDom(document.querySelector('#chart-contour .plot'))"
                  + ".getOption().xAxis[0].data");
      assertThat((List<?>) labels).isEqualTo(List.of("1", "2", "3"));
      looked.noErrors();
    }
  }

  @Test
  void whatIsNewIsAddedToChartsWithoutDrawingThemAnew() throws Exception {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "growing", "/progress");
      page.locator("#chart-curves .plot[data-drawn]").waitFor();
      page.locator("#chart-durations .plot[data-drawn]").waitFor();
      int n = growing.store().trials().size();
      add(growing, n, 3, .45);
      Await.until("the reports are added", () -> count(page, "curves", "added") > 0);
      int drawn = count(page, "curves", "drawn");
      int added = count(page, "curves", "added");
      // One that is at work, with a report more each time.
      growing.store().save(waiting(n + 1, .3));
      growing.store().save(waiting(n + 1, .3).started(new Segment(n + 1, n, 0, 3)));
      growing.store().report(n + 1, new Measurement(1, List.of(.1)));
      growing.store().report(n + 1, new Measurement(2, List.of(.2)));
      Await.until("the running trial is added", () -> count(page, "curves", "added") > added);
      assertThat(count(page, "curves", "drawn")).isEqualTo(drawn);
      growing
          .store()
          .save(
              waiting(n + 1, .3)
                  .started(new Segment(n + 1, n, 0, 3))
                  .ended(TrialState.SUCCEEDED, Outcome.of(.2), "", 1));
      page.getByText("Overview", new Page.GetByTextOptions().setExact(true)).click();
      page.locator("#chart-history .plot[data-drawn]").waitFor();
      int before = count(page, "history", "drawn");
      add(growing, n + 2, 3, .55);
      Await.until("the trial is added", () -> count(page, "history", "added") > 0);
      assertThat(count(page, "history", "drawn")).isEqualTo(before);
      page.getByText("of 5000").first().waitFor();
      // Beyond the axis: drawn anew.
      add(growing, n + 3, 3, 7);
      Await.until("it is drawn anew", () -> count(page, "history", "drawn") > before);
      looked.isAccessible();
      looked.noErrors();
    }
  }
}
