package io.kaseb.watch;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.NormalRange;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Steps;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A study's settings as a page takes them.
final class SettingsColumns {
  private SettingsColumns() {}

  static Map<String, Object> of(Settings settings) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("goals", settings.goals());
    out.put("sampler", text(settings.sampler()));
    out.put("pruner", text(settings.pruner()));
    out.put("concurrency", settings.concurrency());
    out.put("max_trials", settings.maxTrials());
    out.put("budget", settings.budget());
    double limit = settings.limits().study();
    out.put("max_seconds", Double.isFinite(limit) ? limit : 0);
    List<Object> space = new ArrayList<>();
    for (Dimension dimension : settings.space().dimensions()) {
      space.add(dimension(dimension));
    }
    out.put("space", space);
    return out;
  }

  private static String text(MethodSpec method) {
    return method.args().isEmpty() ? method.name() : method.name() + " " + method.args();
  }

  private static Map<String, Object> dimension(Dimension dimension) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", dimension.parameter().name());
    out.put("path", dimension.path());
    out.put("describe", dimension.domain().describe());
    switch (dimension.domain()) {
      case Choice choice ->
          out.put("options", choice.options().stream().map(Choice.Option::value).toList());
      case Range range -> {
        out.put("low", range.low());
        out.put("high", range.high());
        out.put("log", range.log());
        out.put("whole", range.whole());
      }
      case NormalRange bell -> out.put("log", bell.log());
      case Steps steps -> out.put("options", steps.values());
    }
    return out;
  }
}
