package io.kaseb.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KasebExceptionTest {
  private static String named(String setting, String value) {
    return "<" + setting + (value.isEmpty() ? "" : "|" + value) + ">";
  }

  private static KasebException of(String place, String value, String allowed, String wayOut) {
    return new KasebException(new KasebException.Problem(place, value, allowed, wayOut));
  }

  @Test
  void partsMakeOneSentence() {
    assertThat(of("a.csv:3", "time x", "a date", "mend it"))
        .hasMessage("a.csv:3: time x; must be a date; mend it");
    assertThat(of("a.csv:3", null, "a date", null)).hasMessage("a.csv:3: must be a date");
    assertThat(of("a.csv:3", null, null, "mend it")).hasMessage("a.csv:3: mend it");
    assertThat(of(null, "no items are left", null, "give more"))
        .hasMessage("no items are left; give more");
    assertThat(of(null, null, "a date", "mend it")).hasMessage("must be a date; mend it");
  }

  @Test
  void whoShowsASettingNamesIt() {
    KasebException wrong = KasebException.ofSetting("valid", .7, "below 0.5");
    assertThat(wrong).hasMessage("valid=0.7: must be below 0.5");
    assertThat(wrong.message(KasebExceptionTest::named))
        .isEqualTo("<valid|0.7>: must be below 0.5");
    assertThat(wrong.messageWithoutPlace(KasebExceptionTest::named))
        .isEqualTo("0.7; must be below 0.5");
    KasebException hint =
        new KasebException(
            "give "
                + KasebException.setting("test")
                + " or "
                + KasebException.setting("split", "time:0.1")
                + "; $1 and \\ stay");
    assertThat(hint).hasMessage("give test or split=time:0.1; $1 and \\ stay");
    assertThat(hint.message(KasebExceptionTest::named))
        .isEqualTo("give <test> or <split|time:0.1>; $1 and \\ stay");
    assertThat(hint.problem()).isNull();
  }

  @Test
  void theSettingIsKnownWhereThePlaceIsOne() {
    KasebException wrong = KasebException.ofSetting("valid", .7, "below 0.5");
    assertThat(wrong.problem().setting()).isEqualTo("valid");
    assertThat(wrong.problem().value()).isEqualTo("0.7");
    assertThat(of("valid", "0.7", null, null).problem().setting()).isNull();
    assertThat(of(null, "0.7", null, null).problem().setting()).isNull();
    String both = KasebException.setting("test") + " and " + KasebException.setting("split");
    assertThat(of(both, null, null, "give one").problem().setting()).isNull();
  }

  @Test
  void aWiderPlaceKeepsPartsAndMarks() {
    KasebException inner = KasebException.ofSetting("layers", 0, "1 or more");
    KasebException outer = KasebException.at("a.yaml", inner);
    assertThat(outer).hasMessage("a.yaml: layers=0: must be 1 or more").hasCause(inner);
    assertThat(outer.message(KasebExceptionTest::named))
        .isEqualTo("a.yaml: <layers|0>: must be 1 or more");
    assertThat(outer.problem().value()).isEqualTo("0");
    KasebException text = new KasebException("leave out " + KasebException.setting("init"));
    assertThat(KasebException.at("run", text).message(KasebExceptionTest::named))
        .isEqualTo("run: leave out <init>");
    assertThat(KasebException.at("run", new IllegalArgumentException("no trials")))
        .hasMessage("run: no trials");
  }

  @Test
  void anUnknownNameGetsTheNearest() {
    assertThat(KasebException.ofUnknown("protocol", "rsc51", List.of("none", "rsc15")))
        .hasMessage("protocol=rsc51: must be one of none, rsc15; did you mean rsc15?");
  }
}
