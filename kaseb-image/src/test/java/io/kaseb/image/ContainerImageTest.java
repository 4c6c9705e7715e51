package io.kaseb.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image that `mvn -Pdist,image verify` has made: whole, safe, repeatable, and it runs.
@Tag("image")
class ContainerImageTest {
  private static final String TOKEN = "a-token-of-the-test";

  @TempDir private Path folder;
  private JsonNode manifest;
  private JsonNode config;

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), "run mvn -Pdist,image verify");
  }

  private static Path image() {
    return Path.of(property("kaseb.image"));
  }

  private Path blob(String digest) {
    return folder.resolve("blobs").resolve(digest.replace(':', '/'));
  }

  @BeforeEach
  void unpack() throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(Files.newInputStream(image()), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        assertThat(file.startsWith(folder)).as(entry.getName()).isTrue();
        if (entry.isFile()) {
          Files.createDirectories(file.getParent());
          Files.copy(tar, file);
        }
      }
    }
    ObjectMapper json = new ObjectMapper();
    JsonNode layout = json.readTree(folder.resolve("oci-layout").toFile());
    assertThat(layout.get("imageLayoutVersion").asText()).isEqualTo("1.0.0");
    JsonNode index = json.readTree(folder.resolve("index.json").toFile());
    assertThat(index.get("manifests")).hasSize(1);
    manifest = json.readTree(blob(index.at("/manifests/0/digest").asText()).toFile());
    config = json.readTree(blob(manifest.at("/config/digest").asText()).toFile());
  }

  private static String sha256(InputStream in) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DigestInputStream read = new DigestInputStream(in, digest)) {
      read.transferTo(OutputStream.nullOutputStream());
    }
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private List<Path> layers() {
    List<Path> layers = new ArrayList<>();
    manifest.get("layers").forEach(layer -> layers.add(blob(layer.get("digest").asText())));
    return layers;
  }

  /// Returns all entries of all layers by name, the later before the earlier.
  private Map<String, TarArchiveEntry> entries() throws IOException {
    Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();
    for (Path layer : layers()) {
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(layer)), "UTF-8")) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          entries.put("/" + entry.getName().replaceFirst("^(?:\\./|/)", ""), entry);
        }
      }
    }
    return entries;
  }

  @Test
  void everyBlobIsWhatItsDigestSays() throws Exception {
    int at = 0;
    assertThat(manifest.get("layers")).hasSize(4);
    for (JsonNode layer : manifest.get("layers")) {
      Path file = blob(layer.get("digest").asText());
      assertThat(sha256(Files.newInputStream(file))).isEqualTo(layer.get("digest").asText());
      assertThat(Files.size(file)).isEqualTo(layer.get("size").asLong());
      assertThat(sha256(new GZIPInputStream(Files.newInputStream(file))))
          .isEqualTo(config.at("/rootfs/diff_ids").get(at++).asText());
    }
    assertThat(config.at("/rootfs/diff_ids")).hasSize(at);
  }

  @Test
  void startsTheServerAsNobodySpecial() {
    assertThat(config.get("os").asText()).isEqualTo("linux");
    assertThat(config.get("architecture").asText()).isIn("amd64", "arm64");
    JsonNode run = config.get("config");
    assertThat(run.get("User").asText()).isEqualTo(ContainerImage.USER);
    assertThat(run.at("/Entrypoint/0").asText()).isEqualTo("kaseb");
    assertThat(run.at("/Cmd/0").asText()).isEqualTo("serve");
    assertThat(run.at("/Cmd/1").asText()).isEqualTo(ContainerImage.MODEL);
    assertThat(run.get("ExposedPorts").has("8080/tcp")).isTrue();
    assertThat(config.get("created").asText()).isEqualTo(property("kaseb.time"));
  }

  @Test
  void holdsNothingSecretAndNothingThatGivesRights() throws IOException {
    Map<String, TarArchiveEntry> entries = entries();
    assertThat(entries)
        .containsKeys("/opt/kaseb/kaseb", "/opt/kaseb/NOTICE", "/opt/kaseb/runtime/bin/java");
    Instant time = Instant.parse(property("kaseb.time"));
    entries.forEach(
        (name, entry) -> {
          int mode = entry.getMode() & 07777;
          boolean writable = name.matches("/(?:models|var/lib/kaseb)/");
          assertThat(entry.getLongUserId()).as(name).isEqualTo(writable ? 10001 : 0);
          assertThat(mode & 06000).as("set-user-id of " + name).isZero();
          // What only root may read would be a secret, or useless to the server.
          assertThat(mode & 0444).as("reading " + name).isEqualTo(0444);
          if (!entry.isSymbolicLink() && !name.equals("/tmp/")) {
            assertThat(mode & 0022).as("writing " + name).isZero();
          }
          assertThat(name)
              .doesNotMatch(
                  ".*(?:id_rsa|\\.p12|\\.jks|\\.key|/shadow|/\\.git|/\\.netrc|settings\\.xml)");
          if (entry.isFile()) {
            assertThat(entry.getLastModifiedDate().toInstant()).as(name).isEqualTo(time);
          }
        });
  }

  @Test
  void everyPartOfItHasItsLicence() throws IOException {
    Map<String, TarArchiveEntry> entries = entries();
    assertThat(entries)
        .containsKeys(
            "/opt/kaseb/THIRD-PARTY.md",
            "/opt/kaseb/sbom.json",
            "/opt/kaseb/licenses/Apache-2.0.txt",
            "/opt/kaseb/runtime/legal/java.base/LICENSE");
    String table = Files.readString(Path.of("..", "THIRD-PARTY.md"));
    String packages = "/var/lib/dpkg/status.d/";
    List<String> names =
        entries.keySet().stream()
            .filter(name -> name.startsWith(packages) && !name.equals(packages))
            .map(name -> name.substring(packages.length()))
            .toList();
    assertThat(names).contains("libc6").hasSizeGreaterThan(5);
    for (String name : names) {
      String documents = "/usr/share/doc/" + name;
      TarArchiveEntry link = entries.get(documents);
      if (link != null) {
        documents = "/usr/share/doc/" + link.getLinkName();
      }
      assertThat(entries).containsKey(documents + "/copyright");
      assertThat(table).contains("`" + name + "`");
    }
  }

  @Test
  void isTheSameBytesAgain() throws Exception {
    Path again = folder.resolve("again.tar");
    Path root = Path.of("..").toAbsolutePath().normalize();
    new ContainerImage(
            Path.of(property("kaseb.image.base")),
            root.resolve("kaseb-app/target"),
            root,
            property("kaseb.version"),
            Instant.parse(property("kaseb.time")))
        .write(again);
    assertThat(Files.mismatch(again, image())).isEqualTo(-1);
  }

  private static boolean mayUnshare() throws IOException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")
        || !Files.isExecutable(Path.of("/usr/bin/unshare"))) {
      return false;
    }
    return new ProcessBuilder("/usr/bin/unshare", "--mount", "--pid", "--fork", "mount", "-l")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /// Unpacks the layers, one upon the other, and returns the image's root.
  private Path root() throws IOException, InterruptedException {
    Path root = Files.createDirectory(folder.resolve("root"));
    for (Path layer : layers()) {
      Process tar =
          new ProcessBuilder("tar", "-xpzf", layer.toString(), "-C", root.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(tar.waitFor()).isZero();
    }
    return root;
  }

  /// Starts the image as an engine would: its user, environment and folder, a root that cannot be
  /// written to but for the server's own folder and a /tmp, processes of its own.
  private Process start(Path root, Map<String, String> environment, List<String> command)
      throws IOException {
    String mounts =
        """
        set -e
        root=$1; user=$2; folder=$3; shift 3
        mount --make-rprivate /
        mount --bind "$root" "$root"
        mount --bind "$root/var/lib/kaseb" "$root/var/lib/kaseb"
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount --rbind /sys "$root/sys"
        mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
        mount -o remount,ro,bind "$root"
        exec chroot --userspec="$user" "$root" /bin/sh -c 'cd "$0"; exec "$@"' "$folder" "$@"
        """;
    JsonNode run = config.get("config");
    List<String> started =
        new ArrayList<>(
            List.of(
                "/usr/bin/unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "/bin/sh",
                "-c",
                mounts,
                "sh",
                root.toString(),
                run.get("User").asText(),
                run.get("WorkingDir").asText()));
    started.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(started);
    Map<String, String> variables = builder.environment();
    variables.clear();
    variables.putAll(environment);
    run.get("Env")
        .forEach(
            line -> {
              String[] parts = line.asText().split("=", 2);
              variables.put(parts[0], parts[1]);
            });
    // The host's own tools come first for the mounts; the image's PATH finds its launcher.
    variables.merge("PATH", "/usr/sbin:/sbin", (image, host) -> image + ":" + host);
    return builder.redirectErrorStream(true).start();
  }

  private String run(Path root, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    config.at("/config/Entrypoint").forEach(word -> command.add(word.asText()));
    command.addAll(List.of(words));
    Process process = start(root, Map.of(), command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    assertThat(output).doesNotContain("WARNING");
    return output;
  }

  @Test
  void runsFromLogToAnswersWithItsOwnFilesAlone() throws Exception {
    assumeTrue(mayUnshare(), "only root may run an image's files as its own root");
    Path root = root();
    assertThat(run(root, "--version")).contains(property("kaseb.version"));
    // Natives of all libraries: DuckDB prepares, XGBoost trains.
    run(root, "simulate", "--sessions", "400", "--out", "sim");
    run(
        root,
        "prepare",
        "--format",
        "yoochoose",
        "--clicks",
        "sim/yoochoose-clicks.dat",
        "--buys",
        "sim/yoochoose-buys.dat",
        "--out",
        "shop");
    run(root, "train", "shop", "--out", "shop.kaseb", "--set", "n_epochs=1", "--set", "layers=16");
    assertThat(run(root, "info", "shop.kaseb")).contains("vector").doesNotContain("scalar");
    serves(root);
  }

  private void serves(Path root) throws Exception {
    List<String> command = new ArrayList<>();
    config.at("/config/Entrypoint").forEach(word -> command.add(word.asText()));
    config.at("/config/Cmd").forEach(word -> command.add(word.asText()));
    // Off loopback no server starts without a token.
    Process refused = start(root, Map.of(), command);
    String words = new String(refused.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(refused.waitFor()).as(words).isNotZero();
    assertThat(words).contains("token");
    Files.copy(root.resolve("var/lib/kaseb/shop.kaseb"), root.resolve("models/shop.kaseb"));
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process server = start(root, Map.of("KASEB_TOKEN", TOKEN, "KASEB_PORT", "" + port), command);
    try {
      String ready = "http://127.0.0.1:" + port + "/health/ready";
      Process health = null;
      // The image's own wget is what an engine's health command calls.
      for (int tries = 0; tries < 240 && server.isAlive(); tries++) {
        health = start(root, Map.of(), List.of("wget", "-q", "-O", "-", ready));
        if (health.waitFor() == 0) {
          break;
        }
        TimeUnit.MILLISECONDS.sleep(250);
      }
      assertThat(Objects.requireNonNull(health).exitValue()).as(log(server)).isZero();
      HttpClient client = HttpClient.newHttpClient();
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + port + "/v1/catalogue?limit=1"))
                  .timeout(Duration.ofSeconds(30))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    } finally {
      // The image's first process is the JVM itself, which an engine ends by SIGTERM.
      server.children().forEach(ProcessHandle::destroy);
      boolean ended = server.waitFor(60, TimeUnit.SECONDS);
      server.destroyForcibly();
      assertThat(ended).isTrue();
      assertThat(server.exitValue()).isEqualTo(143);
    }
  }

  private static String log(Process server) throws IOException {
    return server.isAlive()
        ? "the server runs"
        : new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
