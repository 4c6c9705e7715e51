package io.kaseb.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Checksums.
public final class Hashes {
  private Hashes() {}

  /// Returns the SHA-256 of a file's bytes in hexadecimal.
  public static String sha256(Path file) throws IOException {
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), newSha256())) {
      byte[] buffer = new byte[1 << 18];
      while (in.read(buffer) >= 0) {
        // Reading is what counts a byte into the digest.
      }
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }
  }

  /// Begins a SHA-256.
  public static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
