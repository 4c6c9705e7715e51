package io.kaseb.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Debian's chromium, to look at pages with: started once for a class of tests and closed by it.
/// Belongs to the thread that started it. Nothing is downloaded.
public final class Chromium implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/bin/chromium");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /// Starts the browser; the calling test is skipped where it is not installed.
  public static Chromium start() {
    assumeTrue(
        Files.isExecutable(BINARY),
        BINARY + " is missing (apt-get install chromium): the pages are not looked at");
    Map<String, String> environment = new LinkedHashMap<>(System.getenv());
    environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
    try {
      return new Chromium(
          playwright,
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(BINARY)
                      .setTimeout(120_000)
                      .setArgs(List.of("--no-sandbox", "--disable-gpu"))));
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  /// Opens an empty page of a new visitor, light, with motion reduced.
  ///
  /// @param width in CSS pixels: 1200 is a desk, 390 a phone
  public Looked look(int width) {
    return look(width, false);
  }

  /// Opens an empty page of a new visitor.
  ///
  /// @param width in CSS pixels
  /// @param isDark whether the visitor prefers dark pages
  public Looked look(int width, boolean isDark) {
    return new Looked(
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, 800)
                .setLocale("en-GB")
                .setTimezoneId("UTC")
                .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE)
                .setColorScheme(isDark ? ColorScheme.DARK : ColorScheme.LIGHT)));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
