package io.kaseb.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelimitedTextTest {
  @Test
  void plainFieldsStandAsTheyAre() {
    assertThat(DelimitedText.line(',', List.of("214", "a;b", "it's", "x y", "")))
        .isEqualTo("214,a;b,it's,x y,");
    assertThat(DelimitedText.line(',', List.of())).isEmpty();
  }

  @Test
  void whatNeedsItIsQuoted() {
    assertThat(DelimitedText.line(',', List.of("a,b", "say \"x\"", " a", "b\t", "a\nb", "c")))
        .isEqualTo("\"a,b\",\"say \"\"x\"\"\",\" a\",\"b\t\",\"a\nb\",c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b", ";", "\"", "\"\"", " ", "a\r\nb", "\r", "\n\n", "\u2028", "\uFEFFa", "ä,\"ü"
      })
  void fieldsComeBack(String field) {
    List<String> fields = List.of("first", field, "last");
    for (char delimiter : new char[] {',', ';', '\t'}) {
      String line = DelimitedText.line(delimiter, fields);
      assertThat(DelimitedText.fields(delimiter, line)).isEqualTo(fields);
    }
  }

  @Test
  void linesAreCountedThroughQuotedLineBreaks() {
    DelimitedText text = new DelimitedText("a;\"b\nc\"\r\n\r\nd;e\rf;g\n");
    assertThat(text.field(';')).isEqualTo("a");
    assertThat(text.skip(';')).isTrue();
    assertThat(text.rest()).isEqualTo("b\nc");
    text.skipLineEnd();
    assertThat(text.line()).isEqualTo(3);
    assertThat(text.field(';')).isEmpty();
    text.skipLineEnd();
    assertThat(text.field(';')).isEqualTo("d");
    assertThat(text.line()).isEqualTo(4);
    text.skip(';');
    assertThat(text.rest()).isEqualTo("e");
    text.skipLineEnd();
    assertThat(text.line()).isEqualTo(5);
    assertThat(text.hasNext()).isTrue();
  }

  @Test
  void marksThatDoNotMatchAreRefused() {
    assertThatThrownBy(() -> DelimitedText.fields(',', "\"a,b"))
        .hasMessage("line 1: a quotation mark opens a field and none closes it");
    assertThatThrownBy(() -> DelimitedText.fields(',', "\"a\"b,c"))
        .hasMessage("line 1: something follows a closed quotation mark");
    assertThat(DelimitedText.fields(',', "5\" disk,b")).isEqualTo(List.of("5\" disk", "b"));
  }
}
