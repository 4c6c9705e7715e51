package io.kaseb.serve.http;

import io.kaseb.base.KasebException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate that the server shows, taken anew when its files change: who renews it need not
/// restart the server. Connections that are open keep the old one.
final class Certificates implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path certificate;
  private final Path key;
  private final SslContextFactory.Server tls = new SslContextFactory.Server();
  private final CountDownLatch closed = new CountDownLatch(1);
  private List<FileTime> seen;

  private Certificates(Path certificate, Path key) {
    this.certificate = certificate;
    this.key = key;
    seen = changed();
    take(tls, PemKeys.read(certificate, key));
  }

  /// Reads the files, and watches them.
  static Certificates open(Path certificate, Path key) {
    Certificates certificates = new Certificates(certificate, key);
    Thread.ofVirtual().name("kaseb-certificates").start(certificates::watch);
    return certificates;
  }

  private static void take(SslContextFactory.Server tls, KeyStore store) {
    tls.setKeyStore(store);
    tls.setKeyStorePassword("");
  }

  /// Returns what connectors take.
  SslContextFactory.Server tls() {
    return tls;
  }

  private List<FileTime> changed() {
    try {
      return List.of(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
    } catch (IOException e) {
      return List.of();
    }
  }

  private void watch() {
    try {
      while (!closed.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes the files if they have changed; what is no pair (half of it may be written yet) leaves
  /// the old one in place.
  void look() {
    List<FileTime> now = changed();
    if (now.equals(seen) || now.isEmpty()) {
      return;
    }
    seen = now;
    try {
      KeyStore store = PemKeys.read(certificate, key);
      tls.reload(factory -> take((SslContextFactory.Server) factory, store));
      LOG.info("the certificate has changed and was taken anew");
    } catch (KasebException | UncheckedIOException e) {
      LOG.warn(
          "the certificate has changed and cannot be read, the old one stays: {}", e.getMessage());
    } catch (Exception e) {
      LOG.warn("the certificate has changed and cannot be used, the old one stays", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
