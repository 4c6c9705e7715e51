package io.kaseb.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.kaseb.base.Json;
import io.kaseb.serve.ServeConfig;
import io.kaseb.serve.Server;
import io.kaseb.serve.Shop;
import io.kaseb.serve.http.ListenConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The server's own pages in a browser, on a model whose items and categories are hostile texts.
class ServerPagesTest {
  private static final String TOKEN = "a-token-of-16-or-more";
  private static final List<String> PAGES = List.of("/", "/model", "/operations");

  @TempDir private static Path folder;
  private static HostileShop shop;
  private static Server server;
  private static Chromium chromium;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    chromium = Chromium.start();
    shop = HostileShop.make(folder);
    server = Shop.start(shop.config(20));
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    // Null where the browser is missing.
    if (client != null) {
      client.close();
      server.close();
      chromium.close();
    }
  }

  private static Looked open(String path, int width, boolean isDark) {
    Looked looked = chromium.look(width, isDark).at(server.url() + path);
    assertThat(looked.page().locator("#loading")).isHidden();
    return looked;
  }

  private static Looked openShop() {
    Looked looked = open("/", 1200, false);
    assertThat(looked.page().locator("#found .card").first()).isVisible();
    return looked;
  }

  private static Locator cards(Page page, String item) {
    return page.locator("#found .card").filter(new Locator.FilterOptions().setHasText(item));
  }

  /// Clicks the card of an item, and waits until the visit has so many events.
  private static void click(Page page, String item, int events) {
    page.fill("#search", item);
    assertThat(page.locator("#found-title")).containsText("Found");
    cards(page, item).first().locator(".view").click();
    assertThat(page.locator("#events li")).hasCount(events);
  }

  private static JsonNode session(Looked looked) throws IOException, InterruptedException {
    String events =
        looked.requests().stream().filter(r -> r.contains("/events")).toList().getLast();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(events.replaceAll("/events.*", ""))).build();
    return Json.MAPPER.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  @Test
  void everyPageLoadsAndKeepsNobodyOut() {
    for (String path : PAGES) {
      for (int width : new int[] {1200, 390}) {
        for (boolean isDark : new boolean[] {false, true}) {
          try (Looked looked = open(path, width, isDark)) {
            looked.noErrors();
            looked.isAccessible();
            looked.doesNotScrollSideways();
            assertThat(captionsBeyondTheWindow(looked.page())).as(path + " " + width).isZero();
            assertThat(looked.requests()).allMatch(url -> url.startsWith(server.url() + "/"));
          }
        }
      }
    }
  }

  /// Returns how many tables have a caption that is not read without scrolling.
  private static int captionsBeyondTheWindow(Page page) {
    String script =
        "[...document.querySelectorAll('caption')]"
            + ".filter(c => c.getBoundingClientRect().right > innerWidth).length";
    return ((Number) page.evaluate(script)).intValue();
  }

  @Test
  void eachClickMovesTheForecast() throws Exception {
    try (Looked looked = openShop()) {
      Page page = looked.page();
      assertThat(page.locator("#probability")).hasText("–");
      click(page, "item-7", 1);
      assertThat(page.locator("#probability")).containsText("%");
      assertThat(page.locator("#spoken")).containsText("Purchase probability");
      assertThat(page.locator("#next .card").first()).isVisible();
      assertThat(page.locator("#history svg circle")).hasCount(1);
      assertThat(page.locator("#basket li")).hasCount(1);
      page.locator("#events button").first().click();
      assertThat(page.locator("#events li")).hasCount(2);
      assertThat(page.locator("#events li").last()).containsText("Into the cart");
      assertThat(page.locator("#latency")).containsText("1 in the cart");
      assertThat(page.locator("#reasons li").first()).isVisible();
      assertThat(page.locator("#history svg circle.cart")).hasCount(1);
      page.locator("#events button").first().click();
      assertThat(page.locator("#events li").last()).containsText("Out of the cart");
      assertThat(page.locator("#latency")).containsText("0 in the cart");
      looked.noErrors();
      looked.isAccessible();
      looked.screenshot("live-shop");
      JsonNode kept = session(looked);
      assertThat(kept.path("recent").findValuesAsString("item")).containsOnly("item-7");
      assertThat(kept.path("clicks").asInt()).isEqualTo(3);
    }
  }

  @Test
  void onAPhoneTheForecastStaysInSight() {
    try (Looked looked = open("/", 390, false)) {
      Page page = looked.page();
      assertThat(page.locator("#floating")).isHidden();
      page.locator("#found .view").last().click();
      assertThat(page.locator("#floating")).containsText("Buys: ");
      assertThat(page.locator("#floating")).isInViewport();
      looked.isAccessible();
      looked.doesNotScrollSideways();
      looked.noErrors();
    }
  }

  @Test
  void theForecastThatIsShownIsTheServersOwn() throws Exception {
    try (Looked looked = openShop()) {
      Page page = looked.page();
      JsonNode[] answer = new JsonNode[1];
      page.onResponse(
          response -> {
            if (response.url().contains("/events")) {
              answer[0] = Json.MAPPER.readTree(response.text());
            }
          });
      click(page, "item-3", 1);
      page.waitForCondition(() -> answer[0] != null);
      double percent = answer[0].path("buy_probability").asDouble() * 100;
      assertThat(Double.parseDouble(page.textContent("#probability").replaceAll("[^0-9.]", "")))
          .isBetween(percent - .06, percent + .06);
      assertThat(page.locator("#next .card").count()).isEqualTo(answer[0].path("items").size());
    }
  }

  @Test
  void anotherDeviceMakesTheSameVisitAgain() throws Exception {
    try (Looked looked = openShop()) {
      Page page = looked.page();
      click(page, "item-2", 1);
      click(page, "item-4", 2);
      String first =
          looked.requests().stream().filter(r -> r.contains("/events")).toList().getLast();
      assertThat(page.locator("#attributes select")).hasValue("phone");
      page.locator("#attributes select").selectOption("desktop <u>x</u>");
      page.waitForCondition(
          () -> looked.requests().stream().filter(r -> r.contains("/events")).count() == 4);
      assertThat(page.locator("#events li")).hasCount(2);
      assertThat(looked.requests().stream().filter(r -> r.contains("/events")).toList().getLast())
          .isNotEqualTo(first);
      assertThat(page.locator("#reasons"))
          .containsText("device: desktop <u>x</u> rather than phone");
      JsonNode kept = session(looked);
      assertThat(kept.path("attributes").path("device").asString()).isEqualTo("desktop <u>x</u>");
      assertThat(kept.path("clicks").asInt()).isEqualTo(2);
      looked.noErrors();
    }
  }

  @Test
  void aSearchIsFoundInNamesAndToldToTheModel() {
    try (Looked looked = openShop()) {
      Page page = looked.page();
      page.fill("#search", "FINE lamp");
      assertThat(page.locator("#found .card")).hasCount(1);
      assertThat(page.locator("#found .title")).hasText("A <i>fine</i> lamp");
      page.press("#search", "Enter");
      assertThat(page.locator("#events li")).hasCount(1);
      assertThat(page.locator("#events li")).containsText("Searched “FINE lamp”");
      page.fill("#search", "no such thing");
      assertThat(page.locator("#found-empty")).containsText("No item has “no such thing”");
      looked.noErrors();
    }
  }

  @Test
  void theKeyboardAlonePlays() {
    try (Looked looked = openShop()) {
      Page page = looked.page();
      page.keyboard().press("/");
      assertThat(page.locator("#search")).isFocused();
      page.keyboard().type("item-9");
      assertThat(page.locator("#found .card")).hasCount(1);
      page.locator("#found .view").focus();
      page.keyboard().press("Enter");
      assertThat(page.locator("#events li")).hasCount(1);
      // The lists are made anew, and the keyboard is where it was.
      assertThat(page.locator("#found .view")).isFocused();
      looked.noErrors();
    }
  }

  @Test
  void aLoggedVisitIsPlayedAgain() throws Exception {
    try (Server short1 = Shop.start(shop.config(1));
        Looked looked = chromium.look(1200).at(short1.url() + "/")) {
      Page page = looked.page();
      page.getByText("Replay a logged visit").click();
      assertThat(page.locator("#replayed")).containsText("Visit 1 of 1 from the <b>log</b>");
      page.waitForCondition(() -> page.textContent("#replayed").contains("In the log it"));
      assertThat(page.locator("#replayed")).containsText("then bought");
      HttpRequest replay = HttpRequest.newBuilder(URI.create(short1.url() + "/v1/replay")).build();
      JsonNode visit =
          Json.MAPPER.readTree(client.send(replay, HttpResponse.BodyHandlers.ofString()).body());
      assertThat(page.locator("#events li")).hasCount(visit.path("events").size());
      JsonNode kept = session(looked);
      // At the times of the log, so that the gaps between the clicks are the visitor's own.
      assertThat(kept.path("recent").get(0).path("time").asLong())
          .isEqualTo(visit.path("events").get(0).path("time").asLong());
      assertThat(kept.path("attributes")).isEqualTo(visit.path("session_attributes"));
      page.getByText("New visit").click();
      assertThat(page.locator("#events li")).hasCount(0);
      looked.noErrors();
    }
  }

  @Test
  void hostileTextsStayTexts() {
    try (Looked looked = openShop()) {
      Page page = looked.page();
      for (String item : HostileShop.HOSTILE) {
        page.fill("#search", item.split(" ")[0]);
        assertThat(cards(page, item).first()).isVisible();
      }
      click(page, HostileShop.HOSTILE.getFirst(), 1);
      click(page, HostileShop.HOSTILE.get(3), 2);
      page.locator("#events button").first().click();
      assertThat(page.locator("#events li")).hasCount(3);
      assertThat(page.locator("#events li").first()).containsText(HostileShop.HOSTILE.getFirst());
      assertThat(page.evaluate("window.hacked")).isNull();
      assertThat(page.locator("img, script:not([src]), #shop b, #shop u, #shop i").count())
          .isZero();
      looked.noErrors();
      looked.at(server.url() + "/model");
      assertThat(page.locator("#content code").last()).containsText("<b>shop</b>");
      assertThat(page.evaluate("window.hacked")).isNull();
      looked.noErrors();
    }
  }

  @Test
  void theModelsPageTellsWhereItCameFromAndHowGoodItIs() throws Exception {
    try (Looked looked = open("/model", 1200, false)) {
      Page page = looked.page();
      assertThat(page.locator("#content")).containsText("shop.kaseb");
      assertThat(page.locator("#content")).containsText("Epochs of the next-item network");
      JsonNode rows = Json.MAPPER.readTree(shop.report().toFile()).path("rows");
      for (JsonNode row : rows) {
        assertThat(page.locator("#content")).containsText(row.path("name").asString());
      }
      assertThat(page.locator("#content")).containsText("Calibration");
      assertThat(page.locator("#content")).containsText("Early forecasts");
      assertThat(page.locator("#content svg").count()).isGreaterThanOrEqualTo(3);
      page.locator("summary").click();
      assertThat(page.locator("details")).containsText("learning_rate");
      looked.noErrors();
      looked.isAccessible();
      looked.screenshot("model");
    }
  }

  @Test
  void operationsCountWhatHappens() throws Exception {
    try (Server own = Shop.start(shop.config(1));
        Looked looked = chromium.look(1200).at(own.url() + "/operations")) {
      Page page = looked.page();
      assertThat(page.locator("#content")).isVisible();
      assertThat(page.locator("#content")).containsText("No requests in this time");
      for (int i = 0; i < 5; i++) {
        assertThat(post(own, "{\"item\":\"item-3\"}")).isEqualTo(200);
      }
      assertThat(post(own, "{\"item\":\"never seen\"}")).isEqualTo(422);
      Locator tiles = page.locator(".tiles");
      page.waitForCondition(() -> tiles.textContent().contains("6 since the start"));
      assertThat(tiles).containsText("1 4xx, 0 5xx in all");
      assertThat(tiles).containsText("1 clicks in all");
      assertThat(page.locator("table").first()).containsText("default");
      assertThat(page.locator("table").first()).containsText("100 %");
      Locator route = page.locator("tr").filter(new Locator.FilterOptions().setHasText("/events"));
      assertThat(route).hasCount(2);
      page.waitForCondition(() -> page.locator("#content svg path.line").count() >= 1);
      looked.noErrors();
      looked.isAccessible();
      looked.screenshot("operations");
    }
  }

  private static int post(Server to, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(to.url() + "/v1/sessions/x/events"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private static ServeConfig with(ListenConfig listen) throws IOException {
    ServeConfig all = shop.config(1);
    return new ServeConfig(
        listen, all.models(), all.sessions(), all.limits(), all.log(), all.pages());
  }

  @Test
  void aTokenIsAskedForAndKeptInTheTab() throws Exception {
    ListenConfig guarded =
        new ListenConfig("127.0.0.1", 0, null, null, null, List.of(), null, TOKEN);
    try (Server own = Shop.start(with(guarded));
        Looked looked = chromium.look(1200).at(own.url() + "/")) {
      Page page = looked.page();
      assertThat(page.locator("dialog")).isVisible();
      looked.isAccessible();
      page.fill("#token", "not the token at all");
      page.press("#token", "Enter");
      assertThat(page.locator("dialog")).containsText("The token was refused.");
      page.fill("#token", TOKEN);
      page.getByText("Use it").click();
      assertThat(page.locator("#found .card").first()).isVisible();
      page.locator("#found .view").first().click();
      assertThat(page.locator("#probability")).containsText("%");
      assertThat(page.evaluate("localStorage.length + document.cookie.length")).isEqualTo(0);
      assertThat(page.url()).doesNotContain(TOKEN);
      looked.noErrors(error -> error.contains("401"));
    }
  }

  @Test
  void operatorsHaveTheirOwnPort() throws Exception {
    ListenConfig two = new ListenConfig("127.0.0.1", 0, null, null, null, List.of(), 0, null);
    try (Server own = Shop.start(with(two));
        Looked looked = chromium.look(1200).at(own.url() + "/")) {
      assertThat(looked.page().locator("#found .card").first()).isVisible();
      assertThat(looked.page().locator("header nav a")).hasText(new String[] {"Live shop"});
      looked.noErrors();
      assertThat(status(own.url() + "/operations")).isEqualTo(404);
      String admin = "http://127.0.0.1:" + own.adminPort();
      looked.at(admin + "/operations");
      assertThat(looked.page().locator(".tiles")).isVisible();
      looked.page().getByText("Model", new Page.GetByTextOptions().setExact(true)).first().click();
      assertThat(looked.page().locator("#content")).containsText("Where it came from");
      looked.noErrors();
      assertThat(status(admin + "/")).isEqualTo(404);
    }
  }

  private static int status(String url, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void pagesCanBeLeftOut() throws Exception {
    ServeConfig all = shop.config(1);
    ServeConfig none =
        new ServeConfig(
            all.listen(),
            all.models(),
            all.sessions(),
            all.limits(),
            all.log(),
            new ServeConfig.Pages(false, null, null, all.pages().replay()));
    try (Server own = Shop.start(none)) {
      for (String path : PAGES) {
        assertThat(status(own.url() + path)).as(path).isEqualTo(404);
      }
      assertThat(status(own.url() + "/v1/signals")).isEqualTo(200);
    }
  }

  @Test
  void whatIsMissingIsSaid() throws Exception {
    Server own = Shop.begin(shop.config(1));
    try (Looked looked = chromium.look(1200).at(own.url() + "/")) {
      Page page = looked.page();
      assertThat(page.locator("#loading")).containsText("The model is still loading");
      own.load();
      assertThat(page.locator("#found .card").first()).isVisible();
      looked.noErrors(error -> error.contains("503"));
      own.close();
      page.locator("#found .view").first().click();
      assertThat(page.locator("#failure")).containsText("The server does not answer.");
      assertThat(page.locator("#failure button")).hasText("Try again");
      assertThat(page.locator("#events li")).hasCount(0);
      looked.isAccessible();
      looked.noErrors(error -> error.contains("ERR_CONNECTION"));
    } finally {
      own.close();
    }
  }

  @Test
  void otherOriginsReadAndChangeNothing() throws Exception {
    try (Looked looked = openShop()) {
      click(looked.page(), "item-1", 1);
      List<String> reads =
          List.of(
              "/",
              "/model",
              "/operations",
              "/pages/shop.js",
              "/pages/page.css",
              "/metrics",
              "/v1/catalogue",
              "/v1/signals",
              "/v1/replay",
              "/v1/report",
              "/v1/model/default");
      for (String path : reads) {
        String url = server.url() + path;
        assertThat(status(url, "Accept", "*/*")).as(path).isEqualTo(200);
        assertThat(status(url, "Origin", "http://evil.example")).as(path).isEqualTo(403);
        assertThat(status(url, "Sec-Fetch-Site", "cross-site")).as(path).isEqualTo(403);
        assertThat(raw(path, "evil.example")).as(path).startsWith("HTTP/1.1 421 ");
      }
      HttpRequest click =
          HttpRequest.newBuilder(URI.create(server.url() + "/v1/sessions/forged/events"))
              .header("Origin", "http://evil.example")
              .POST(HttpRequest.BodyPublishers.ofString("{\"item\":\"item-1\"}"))
              .build();
      assertThat(client.send(click, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
      assertThat(status(server.url() + "/v1/sessions/forged")).isEqualTo(404);
    }
    // A page of another port, in the browser itself: the most that it can send is a plain form.
    try (Server other = Shop.start(shop.config(1));
        Looked looked = chromium.look(1200).at(other.url() + "/pages/page.css")) {
      Object failed =
          looked
              .page()
              .evaluate(
                  """
                  async url => {
                    const tries = [
                      () => fetch(url + '/v1/signals').then(r => r.text()),
                      () => fetch(url + '/v1/sessions/forged/events', {
                        method: 'POST', mode: 'no-cors', body: '{"item":"item-1"}',
                      }).then(r => r.text()),
                    ];
                    const seen = [];
                    for (const attempt of tries) seen.push(await attempt().catch(() => ''));
                    return seen.join('');
                  }
                  """,
                  server.url());
      assertThat(failed).isEqualTo("");
      assertThat(status(server.url() + "/v1/sessions/forged")).isEqualTo(404);
    }
  }

  private static String raw(String path, String host) throws IOException {
    try (var socket = new java.net.Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                  .formatted(path, host)
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void pagesAllowNoScriptButTheirOwn() throws Exception {
    for (String path : PAGES) {
      HttpResponse<String> page =
          client.send(
              HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
          .doesNotContain("unsafe");
      assertThat(page.body())
          .doesNotContain(" style=", " onclick=", "<script>", "http://", "https://");
    }
  }
}
