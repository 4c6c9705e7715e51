package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import io.kaseb.cli.option.DurationText;
import io.kaseb.cli.option.PageOptions;
import io.kaseb.serve.ServeConfig;
import io.kaseb.serve.http.HttpLimits;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.serve.session.SessionConfig;
import io.kaseb.serve.session.VisitorConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb serve`: forecasts per click over HTTP.
@Command(
    name = "serve",
    defaultValueProvider = ServeDefaults.class,
    mixinStandardHelpOptions = true,
    description = "Answers forecasts per click over HTTP, until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "Examples:",
      "  kaseb serve shop.kaseb",
      "  curl -d '{\"item\":\"214536502\"}' localhost:8080/v1/sessions/visit-1/events",
      "",
      "  kaseb serve shop.kaseb --host 0.0.0.0 --token-file token.txt \\",
      "      --tls-cert chain.pem --tls-key key.pem --sessions redis://cache:6379",
      "  kaseb serve shop.kaseb --model b=challenger.kaseb \\",
      "      --share default=90 --share b=10",
      "  kaseb serve shop.kaseb --new-items items.csv --state shop.state",
      "",
      "A browser sees a live shop at http://localhost:8080, and /model, /operations;",
      "with sessions to play again and figures to show:",
      "  kaseb serve shop.kaseb --replay shop --report report.json",
      "",
      "Every option is also a key of the file of --config (--max-body: max_body) and",
      "a variable (KASEB_MAX_BODY). The command line comes first, then the environment.",
      "docs/http-api.md has every route, docs/serving.md everything for operators."
    })
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A file that kaseb train wrote.")
  private Path model;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "0 takes any free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Holds the bearer token of the admin routes; else KASEB_TOKEN. Needed off loopback.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--forecast-token-file",
      paramLabel = "FILE",
      description =
          "Holds a bearer token that forecasts and sessions then need; else KASEB_FORECAST_TOKEN.")
  private @Nullable Path forecastTokenFile;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "A port of their own for the admin routes and /metrics.")
  private @Nullable Integer adminPort;

  @Option(
      names = "--allowed-hosts",
      paramLabel = "HOST,...",
      split = ",",
      hideParamSyntax = true,
      description =
          "Names by which requests may call this server, * for any; health checks always may."
              + " Default: those of loopback, and --host.")
  private List<String> allowedHosts = List.of();

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate chain: serve HTTPS.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PKCS 8.")
  private @Nullable Path key;

  @Option(
      names = "--model",
      paramLabel = "NAME=FILE",
      split = ",",
      hideParamSyntax = true,
      description = "A further model; MODEL itself is named default.")
  private Map<String, Path> more = Map.of();

  @Option(
      names = "--shadow",
      paramLabel = "NAME=FILE",
      split = ",",
      hideParamSyntax = true,
      description = "A model that is asked and not answered; metrics say how far it agrees.")
  private Map<String, Path> shadows = Map.of();

  @Option(
      names = "--share",
      paramLabel = "NAME=PERCENT",
      split = ",",
      hideParamSyntax = true,
      description = "Splits sessions between two models; give it twice.")
  private Map<String, Integer> shares = Map.of();

  @Option(
      names = "--hidden",
      paramLabel = "FILE",
      description = "Item ids, one a line, that no answer may hold.")
  private @Nullable Path hidden;

  @Option(
      names = "--categories",
      paramLabel = "FILE",
      description = "Lines item, tab, category: what the query category= filters by.")
  private @Nullable Path categories;

  @Option(
      names = "--new-items",
      paramLabel = "FILE",
      description =
          "Items that came after the training, recommended by their attributes: CSV with a header"
              + " (id,brand,price), or JSON, one {\"id\",\"attributes\"} a line.")
  private @Nullable Path newItems;

  @Option(
      names = "--items",
      paramLabel = "N",
      defaultValue = "20",
      description = "Next items where a request does not say. Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(
      names = "--unknown-items",
      paramLabel = "reject|follow",
      defaultValue = "reject",
      description = {
        "Clicks on items that the model does not know: refused with 422, or taken.",
        "Default: ${DEFAULT-VALUE}."
      })
  private String unknown;

  @Option(
      names = "--sessions",
      paramLabel = "PLACE",
      defaultValue = "memory",
      description =
          "memory, file:PATH (kept over a restart) or redis://HOST:PORT (shared). Default: ${DEFAULT-VALUE}.")
  private String sessions;

  @Option(
      names = "--redis-password-file",
      paramLabel = "FILE",
      description = "Holds the password of Redis; else KASEB_REDIS_PASSWORD.")
  private @Nullable Path redisPasswordFile;

  @Option(
      names = "--idle",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "30m",
      description = "A session ends so long after its last click. Default: ${DEFAULT-VALUE}.")
  private Duration idle;

  @Option(
      names = "--lifetime",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "12h",
      description = "And so long after its first. Default: ${DEFAULT-VALUE}.")
  private Duration lifetime;

  @Option(
      names = "--session-timeout",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "500ms",
      description = "How long Redis may take to answer. Default: ${DEFAULT-VALUE}.")
  private Duration sessionTimeout;

  @Option(
      names = "--session-memory",
      paramLabel = "MB",
      defaultValue = "256",
      description = "Beyond it the longest idle sessions go. Default: ${DEFAULT-VALUE}.")
  private long sessionMemory;

  @Option(
      names = "--session-clicks",
      paramLabel = "N",
      defaultValue = "100",
      description = "Last clicks of a session that are kept. Default: ${DEFAULT-VALUE}.")
  private int sessionClicks;

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "100000",
      description =
          "Users whose earlier sessions are remembered, with their consent; beyond it those that"
              + " were away longest go. Default: ${DEFAULT-VALUE}.")
  private int users;

  @Option(
      names = "--user-idle",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "30d",
      description = "A user is forgotten so long after the last event. Default: ${DEFAULT-VALUE}.")
  private Duration userIdle;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      defaultValue = "4194304",
      description = "Default: ${DEFAULT-VALUE}.")
  private int maxBody;

  @Option(
      names = "--max-headers",
      paramLabel = "BYTES",
      defaultValue = "16384",
      description = "Default: ${DEFAULT-VALUE}.")
  private int maxHeaders;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "10s",
      description = "For a request to arrive. Default: ${DEFAULT-VALUE}.")
  private Duration timeout;

  @Option(
      names = "--max-waiting",
      paramLabel = "N",
      defaultValue = "256",
      description = "Forecasts that may wait for a core; more get 503. Default: ${DEFAULT-VALUE}.")
  private int maxWaiting;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Default: ${DEFAULT-VALUE}.")
  private int maxConnections;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "5s",
      description = "How long a stopping server goes on answering. Default: ${DEFAULT-VALUE}.")
  private Duration drain;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML with the options as keys, as in max_body: 1048576.")
  private @Nullable Path configFile;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description =
          "Keeps models and shares that were changed over HTTP for the next start."
              + " Default: beside the file of --config, with .state behind its name; else none.")
  private @Nullable Path state;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Of the log on standard error and of --access-log. Default: ${DEFAULT-VALUE}.")
  private String logFormat;

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description = "Gets a line for each request.")
  private @Nullable Path accessLog;

  @Mixin private PageOptions pages;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long started = System.nanoTime();
    if (!logFormat.equals("text") && !logFormat.equals("json")) {
      throw KasebException.ofSetting("log_format", logFormat, "text or json");
    }
    ServeLog.begin(logFormat.equals("json"));
    ServerRun.untilStopped(config(), model, started, spec.commandLine().getOut());
    return 0;
  }

  private ServeConfig config() throws IOException {
    if (!unknown.equals("reject") && !unknown.equals("follow")) {
      throw KasebException.ofSetting("unknown_items", unknown, "reject or follow");
    }
    return new ServeConfig(
        new ListenConfig(
            host,
            port,
            secret(tokenFile, "KASEB_TOKEN"),
            certificate,
            key,
            allowedHosts,
            adminPort,
            secret(forecastTokenFile, "KASEB_FORECAST_TOKEN")),
        new ServeConfig.ModelFiles(
            model,
            more,
            shares,
            hidden,
            categories,
            items,
            unknown.equals("follow"),
            shadows,
            state != null || configFile == null
                ? state
                : configFile.resolveSibling(configFile.getFileName() + ".state"),
            newItems),
        new SessionConfig(
            sessions,
            idle,
            lifetime,
            sessionMemory << 20,
            sessionClicks,
            sessionTimeout,
            secret(redisPasswordFile, "KASEB_REDIS_PASSWORD"),
            new VisitorConfig(users, userIdle)),
        new HttpLimits(maxBody, maxHeaders, timeout, maxWaiting, maxConnections, drain),
        new ServeConfig.Log(accessLog, logFormat.equals("json")),
        pages.pages());
  }

  static @Nullable String secret(@Nullable Path file, String variable) throws IOException {
    return file == null ? System.getenv(variable) : TextFiles.read(file).strip();
  }
}
