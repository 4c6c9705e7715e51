package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.tune.study.MethodSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Samplers and pruners as users write them.
class MethodTextTest {
  @Test
  void readsNamesAndArguments() {
    assertThat(Tune.method("sampler", "TPE")).isEqualTo(MethodSpec.of("TPE"));
    assertThat(Tune.method("pruner", "ASHA:")).isEqualTo(MethodSpec.of("ASHA"));
    assertThat(Tune.method("sampler", "TPE:mode=nni, n = 20,share=.5,terminate=true"))
        .isEqualTo(
            new MethodSpec("TPE", Map.of("mode", "nni", "n", 20L, "share", .5, "terminate", true)));
  }

  @Test
  void saysHowToWriteThem() {
    assertThatThrownBy(() -> Tune.method("sampler", "TPE:nni"))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("TPE:nni")
        .hasMessageContaining("NAME:key=value");
  }
}
