package io.kaseb.serve.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Text from outside, which is UTF-8 or refused: bytes that are none would be replaced, and two
/// different ids would become one.
final class Utf8 {
  private Utf8() {}

  /// Decodes bytes.
  ///
  /// @param field what they are, for the refusal
  static String text(String field, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw Problem.field(field, "is not valid UTF-8");
    }
  }

  /// Decodes a part of a path or query, in which `%` and two hex digits stand for a byte.
  ///
  /// @param field what it is, for the refusal
  /// @param isQuery whether `+` stands for a blank
  static String percentDecoded(String field, String raw, boolean isQuery) {
    int n = raw.length();
    boolean isPlain = true;
    for (int i = 0; i < n; i++) {
      char c = raw.charAt(i);
      isPlain &= c != '%' && c != '+' && c < 0x80;
    }
    if (isPlain) {
      return raw;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(n);
    for (int i = 0; i < n; i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        boolean hasTwo = i + 2 < n;
        int high = hasTwo ? Character.digit(raw.charAt(i + 1), 16) : -1;
        int low = hasTwo ? Character.digit(raw.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw Problem.field(field, "holds a % without two hex digits behind it");
        }
        bytes.write(16 * high + low);
        i += 2;
      } else if (c >= 0x80) {
        throw Problem.field(field, "holds characters that must be percent-encoded");
      } else {
        bytes.write(isQuery && c == '+' ? ' ' : c);
      }
    }
    return text(field, bytes.toByteArray());
  }
}
