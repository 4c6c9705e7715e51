package io.kaseb.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads text files that a user wrote: UTF-8, with or without a byte-order mark, lines ended by a
/// line feed, a carriage return or both.
public final class TextFiles {
  /// From so many bytes an encoding is told that writes no byte-order mark.
  private static final int HEAD = 4_096;

  private TextFiles() {}

  /// Reads a whole file, without its byte-order mark.
  ///
  /// @throws KasebException where the file is a folder, or no UTF-8 text
  public static String read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new KasebException(
          new KasebException.Problem(file.toString(), "is a folder", "the name of a file", null));
    }
    byte[] bytes = Files.readAllBytes(file);
    if (isWide(bytes)) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "is UTF-16 text",
              "UTF-8",
              "convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW_FILE"));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "holds bytes that are no UTF-8",
              "UTF-8 text",
              "convert it, as in iconv -f LATIN1 -t UTF-8 FILE > NEW_FILE"),
          e);
    }
  }

  /// Reads a whole file as lines, without their ends and without its byte-order mark.
  ///
  /// @throws KasebException where the file is a folder, or no UTF-8 text
  public static List<String> lines(Path file) throws IOException {
    return read(file).lines().toList();
  }

  /// Returns whether text is in an encoding of two or four bytes a character: by its mark, or by
  /// the zero bytes of its plain letters.
  private static boolean isWide(byte[] bytes) {
    if (bytes.length >= 2) {
      int mark = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
      if (mark == 0xfffe || mark == 0xfeff) {
        return true;
      }
    }
    for (int i = 0; i < Math.min(HEAD, bytes.length); i++) {
      if (bytes[i] == 0) {
        return true;
      }
    }
    return false;
  }
}
