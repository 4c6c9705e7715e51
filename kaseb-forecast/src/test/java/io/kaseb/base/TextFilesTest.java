package io.kaseb.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFilesTest {
  @TempDir private Path folder = Path.of("");

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("file.txt"), bytes);
  }

  @Test
  void theMarkIsNoPartOfTheText() throws IOException {
    Path file = file("\uFEFFfirst\r\nzweite Größe\rthird\n".getBytes(StandardCharsets.UTF_8));
    assertThat(TextFiles.read(file)).isEqualTo("first\r\nzweite Größe\rthird\n");
    assertThat(TextFiles.lines(file)).containsExactly("first", "zweite Größe", "third");
    assertThat(TextFiles.lines(file(new byte[0]))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "x-UTF-16LE-BOM"})
  void otherUnicodeIsNamed(String encoding) throws IOException {
    Path file = file("item\n".getBytes(Charset.forName(encoding)));
    assertThatThrownBy(() -> TextFiles.read(file))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("file.txt: is UTF-16 text; must be UTF-8")
        .hasMessageContaining("iconv");
  }

  @Test
  void otherBytesAndFoldersAreRefused() throws IOException {
    Path file = file("Größe".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> TextFiles.lines(file)).hasMessageContaining("no UTF-8");
    assertThatThrownBy(() -> TextFiles.lines(folder)).hasMessageContaining("is a folder");
  }
}
