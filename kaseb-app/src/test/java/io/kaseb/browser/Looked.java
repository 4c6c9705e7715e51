package io.kaseb.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A page in a browser, and everything that went wrong on it or that it asked for.
public final class Looked implements AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private static final String AXE_RUN =
      """
      async () => {
        const found = await axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        });
        return found.violations.flatMap(v =>
          v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`));
      }
      """;

  private final BrowserContext context;
  private final Page page;
  private final List<String> errors = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();

  Looked(BrowserContext context) {
    this.context = context;
    page = context.newPage();
    page.setDefaultTimeout(60_000);
    page.onRequest(request -> requests.add(request.url()));
    page.onPageError(errors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            errors.add(message.text());
          }
        });
  }

  /// Returns the page itself.
  public Page page() {
    return page;
  }

  /// Goes to an address.
  public Looked at(String url) {
    page.navigate(url);
    return this;
  }

  /// Returns the addresses that the page has asked for so far, its own the first.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /// Fails where the console has had an error since the last time, or a script broke off.
  public void noErrors() {
    noErrors(error -> false);
  }

  /// Fails where the console has had another error than the expected ones since the last time.
  public void noErrors(Predicate<String> isExpected) {
    errors.removeIf(isExpected);
    assertThat(errors).as("errors of %s", page.url()).isEmpty();
  }

  /// Fails where axe finds anything that keeps people out: WCAG 2.2 AA and axe's best practice, in
  /// what is shown now.
  public void isAccessible() {
    page.evaluate(axe() + "; undefined");
    @SuppressWarnings("unchecked")
    List<String> violations = (List<String>) page.evaluate(AXE_RUN);
    assertThat(violations).as("what axe finds on %s", page.url()).isEmpty();
  }

  private static String axe() {
    try (InputStream in = Looked.class.getResourceAsStream("axe.min.js")) {
      if (in == null) {
        throw new IllegalStateException("axe.min.js is not among the tests' resources");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Fails where the page is wider than the window.
  public void doesNotScrollSideways() {
    Number wide = (Number) page.evaluate("document.documentElement.scrollWidth");
    assertThat(wide.intValue())
        .as("width of %s", page.url())
        .isLessThanOrEqualTo(page.viewportSize().width);
  }

  /// Returns how many pixels of a canvas are not clear: 0 where nothing is drawn.
  ///
  /// @param selector of the canvas
  public int inked(String selector) {
    Number inked =
        (Number)
            page.evaluate(
                """
                selector => {
                  const canvas = document.querySelector(selector);
                  if (!canvas) return 0;
                  const pixels = canvas.getContext('2d')
                    .getImageData(0, 0, canvas.width, canvas.height).data;
                  let inked = 0;
                  for (let i = 3; i < pixels.length; i += 4) inked += pixels[i] > 0 ? 1 : 0;
                  return inked;
                }
                """,
                selector);
    return inked.intValue();
  }

  /// Keeps what is seen now as `target/screenshots/NAME.png`.
  public void screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")).setFullPage(true));
  }

  @Override
  public void close() {
    context.close();
  }
}
