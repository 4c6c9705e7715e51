package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.Await;
import io.kaseb.base.KasebException;
import io.kaseb.serve.http.ListenConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir private Path folder;

  private static String pem(String kind, byte[] bytes) {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  /// Makes a key and its certificate, and writes both as PEM.
  private KeyStore pair(String name, Path certificate, Path key) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-validity",
                "36500",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    Files.writeString(
        key, pem("PRIVATE KEY", keys.getKey("k", "changeit".toCharArray()).getEncoded()));
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("k").getEncoded()));
    return keys;
  }

  /// Asks over a connection of its own that trusts only one certificate.
  private static String live(Server server, KeyStore keys) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("k", keys.getCertificate("k"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1).build()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.url() + "/health/live")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (SSLException e) {
      return "refused";
    }
  }

  @Test
  void aPemPairServesHttps() throws Exception {
    Path certificate = folder.resolve("chain.pem");
    Path key = folder.resolve("key.pem");
    KeyStore keys = pair("first", certificate, key);
    ServeConfig plain = Shop.config(Shop.OTHER, null, "memory");
    ServeConfig config =
        new ServeConfig(
            new ListenConfig("127.0.0.1", 0, null, certificate, key),
            plain.models(),
            plain.sessions(),
            plain.limits());
    KeyStore renewed;
    try (Server server = Shop.begin(config)) {
      assertThat(server.url()).startsWith("https://");
      assertThat(live(server, keys)).contains("live");
      Files.writeString(key, "half a ke");
      renewed = pair("second", certificate, key);
      Await.until("the new certificate is shown", () -> live(server, renewed).contains("live"));
      assertThat(live(server, keys)).isEqualTo("refused");
    }
    Files.writeString(key, "no key");
    assertThatThrownBy(() -> Shop.begin(config))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("key.pem");
    assertThatThrownBy(() -> new ListenConfig("127.0.0.1", 0, null, certificate, null))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("both");
  }
}
