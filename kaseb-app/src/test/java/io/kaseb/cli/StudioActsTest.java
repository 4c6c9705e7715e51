package io.kaseb.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.kaseb.browser.Chromium;
import io.kaseb.browser.Looked;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.store.Experiment;
import io.kaseb.studio.Studio;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a reader does on the studio's pages, with a small search of trainings that has ended and a
/// study of a program's own that runs.
class StudioActsTest {
  @TempDir private static Path folder;
  private static Chromium chromium;
  private static Studio studio;
  private static Experiment running;
  private static Thread study;

  @BeforeAll
  static void begin() throws IOException {
    chromium = Chromium.start();
    Cli.prepareWalks(folder, 300, 60);
    Path space =
        Files.writeString(
            folder.resolve("space.json"),
            """
            {"hidden_size": {"_type": "randint", "_value": [4, 12]},
             "learning_rate": {"_type": "uniform", "_value": [0.01, 0.2]}}
            """);
    Cli tuned =
        Cli.run(
            "tune",
            folder.resolve("data"),
            "--space",
            space,
            "--max-trials",
            "3",
            "--set",
            "n_epochs=2",
            "--set",
            "n_sample=16",
            "--set",
            "batch_size=16",
            "--out",
            folder.resolve("searches").resolve("trained"));
    assertThat(tuned.exit()).as(tuned.err()).isZero();
    Settings settings =
        Settings.of(Space.of(List.of(new Parameter("x", Range.of(0, 1)))), Goal.minimize("loss"))
            .withName("own")
            .withConcurrency(2)
            .withMaxTrials(3);
    running = Experiment.create(folder.resolve("searches").resolve("own"), settings);
    running.lock();
    Study own = Study.open(running.store());
    study =
        Thread.ofPlatform()
            .daemon()
            .start(
                () ->
                    own.run(
                        trial -> {
                          while (!trial.stopped()) {
                            Thread.sleep(20);
                          }
                          return Outcome.of(trial.parameters().number("x"));
                        }));
    studio =
        Studio.start(
            new ListenConfig("127.0.0.1", 0, null, null, null),
            List.of(folder.resolve("searches")));
  }

  @AfterAll
  static void end() throws Exception {
    if (studio != null) {
      studio.close();
    }
    if (running != null) {
      running.store().request(new io.kaseb.tune.study.Request.Stop());
      study.join();
      running.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  private static Page opened(Looked looked, String name) {
    Page page = looked.at("http://127.0.0.1:" + studio.port() + "/").page();
    page.locator("tbody tr a", new Page.LocatorOptions().setHasText(name)).click();
    page.locator(".facts").first().waitFor();
    return page;
  }

  private static Locator exactly(Page page, String text) {
    return page.getByText(text, new Page.GetByTextOptions().setExact(true)).first();
  }

  @Test
  void theListIsSearchedFilteredAndOrdered() {
    try (Looked looked = chromium.look(1200).at("http://127.0.0.1:" + studio.port() + "/")) {
      Page page = looked.page();
      Locator names = page.locator("tbody tr a");
      assertThat(names).hasCount(2);
      page.getByLabel("Search").fill("own");
      assertThat(names).hasText(new String[] {"own"});
      page.getByLabel("Search").fill("neither");
      assertThat(exactly(page, "No experiment fits.")).isVisible();
      page.getByLabel("Search").fill("");
      page.getByLabel("Status").selectOption("DONE");
      assertThat(names).hasText(new String[] {"trained"});
      page.getByLabel("Status").selectOption("");
      page.getByLabel("Order").selectOption("name");
      assertThat(names).hasText(new String[] {"own", "trained"});
      looked.noErrors();
    }
  }

  @Test
  void columnsAreSortedAndChosen() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "trained");
      exactly(page, "Trials").click();
      Locator first = page.locator("tbody tr td:nth-child(2)");
      assertThat(first).hasCount(3);
      page.locator("th button", new Page.LocatorOptions().setHasText("Trial")).click();
      assertThat(first).hasText(new String[] {"0", "1", "2"});
      page.locator("th button", new Page.LocatorOptions().setHasText("Trial")).click();
      assertThat(first).hasText(new String[] {"2", "1", "0"});
      assertThat(page.locator("thead")).not().containsText("Reason");
      page.locator("summary").click();
      page.locator("details").getByLabel("Reason").check();
      assertThat(page.locator("thead")).containsText("Reason");
      page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
      page.getByLabel("choose trial 1", new Page.GetByLabelOptions().setExact(true)).check();
      page.getByText("Copy as YAML").click();
      exactly(page, "Copied the parameters as YAML.").waitFor();
      assertThat((String) page.evaluate("navigator.clipboard.readText()"))
          .containsPattern("hidden_size: \\d+")
          .containsPattern("learning_rate: 0\\.\\d+");
      looked.isAccessible();
      looked.noErrors();
    }
  }

  @Test
  void aNoteOnATrialIsFound() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "trained");
      exactly(page, "Trials").click();
      page.getByLabel("Open trial 2").click();
      page.getByText("Add a note").click();
      page.getByLabel("Note on trial 2").fill("a **curious** one");
      page.getByText("Save the note").click();
      page.locator("dialog .note strong").waitFor();
      exactly(page, "Close").click();
      page.getByLabel("Search").fill("curious");
      assertThat(page.locator("tbody tr")).hasCount(1);
      assertThat(page.locator("tbody tr")).containsText("a **curious** one");
      looked.noErrors();
    }
  }

  @Test
  void aSearchIsSavedAsOneFileThatDrawsItself() {
    try (Looked looked = chromium.look(1200);
        Looked saved = chromium.look(390, true)) {
      Page page = opened(looked, "trained");
      Download download =
          page.waitForDownload(() -> page.getByText("Save as one HTML file").click());
      assertThat(download.suggestedFilename()).endsWith(".html");
      Path file = folder.resolve("saved.html");
      download.saveAs(file);
      saved.at(file.toUri().toString());
      saved.page().locator("#chart-history .plot[data-drawn]").waitFor();
      assertThat(saved.inked("#chart-history canvas")).isGreaterThan(300);
      saved.doesNotScrollSideways();
      saved.noErrors();
      looked.noErrors();
    }
  }

  @Test
  void aSearchThatHasEndedGoesOnWithHigherLimits() throws IOException {
    Path others = folder.resolve("others");
    Cli cloned =
        Cli.run(
            "experiment",
            "clone",
            folder.resolve("searches/trained"),
            "--out",
            others.resolve("longer"));
    assertThat(cloned.exit()).as(cloned.err()).isZero();
    try (Studio own =
            Studio.start(new ListenConfig("127.0.0.1", 0, null, null, null), List.of(others));
        Looked looked = chromium.look(1200)) {
      Page page = looked.at("http://127.0.0.1:" + own.port() + "/").page();
      page.locator("tbody tr a").click();
      page.getByLabel("Trials in all").fill("5");
      exactly(page, "Change").click();
      exactly(page, "Asked it to change.").waitFor();
      exactly(page, "Resume").click();
      exactly(page, "5 of 5").waitFor();
      page.locator(".badge.done").waitFor();
      looked.noErrors();
    }
  }

  @Test
  void aTrialAtWorkIsCanceledAndTheStudyStopped() {
    try (Looked looked = chromium.look(1200)) {
      Page page = opened(looked, "own");
      // Neither is there for a program's own study.
      assertThat(page.getByText("Save as one HTML file")).hasCount(0);
      exactly(page, "Trials").click();
      page.getByLabel("Open trial 0").click();
      exactly(page, "Cancel the trial").click();
      exactly(page, "Asked it to cancel trial 0.").waitFor();
      page.getByLabel("Search").fill("canceled");
      assertThat(page.locator("tbody tr")).hasCount(1);
      exactly(page, "Overview").click();
      exactly(page, "Stop").click();
      page.locator(".badge.stopped").waitFor();
      assertThat(page.getByText("Pause")).hasCount(0);
      looked.noErrors();
    }
  }
}
