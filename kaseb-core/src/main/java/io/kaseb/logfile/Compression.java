package io.kaseb.logfile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// How a file is packed, known by its first bytes and not by its name.
public enum Compression {
  /// Plain.
  NONE(),
  /// gzip, as in `.gz`.
  GZIP(0x1f, 0x8b),
  /// Zstandard, as in `.zst`.
  ZSTD(0x28, 0xb5, 0x2f, 0xfd),
  /// xz.
  XZ(0xfd, '7', 'z', 'X', 'Z', 0),
  /// bzip2.
  BZIP2('B', 'Z', 'h'),
  /// A 7z archive.
  SEVEN_ZIP('7', 'z', 0xbc, 0xaf, 0x27, 0x1c),
  /// A zip archive.
  ZIP('P', 'K', 3, 4);

  private final int[] magic;

  Compression(int... magic) {
    this.magic = magic;
  }

  /// Looks at the first bytes of a file.
  public static Compression of(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(6);
    }
    for (Compression compression : values()) {
      if (compression != NONE && compression.matches(head)) {
        return compression;
      }
    }
    return NONE;
  }

  private boolean matches(byte[] head) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /// Returns whether DuckDB reads it as it is; other files are unpacked first.
  boolean isRead() {
    return this == NONE || this == GZIP || this == ZSTD;
  }

  /// Returns the name by which DuckDB knows it.
  public String word() {
    return switch (this) {
      case GZIP -> "gzip";
      case ZSTD -> "zstd";
      default -> "none";
    };
  }

  /// Opens a file's content.
  InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    return switch (this) {
      case GZIP -> new GZIPInputStream(in, 1 << 16);
      case XZ ->
          XZCompressorInputStream.builder()
              .setInputStream(in)
              .setDecompressConcatenated(true)
              .get();
      case BZIP2 -> new BZip2CompressorInputStream(in, true);
      default -> in;
    };
  }
}
