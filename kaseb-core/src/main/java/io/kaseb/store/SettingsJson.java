package io.kaseb.store;

import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Goal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A study's settings as JSON in the store.
final class SettingsJson {
  private SettingsJson() {}

  static String write(Settings settings) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", settings.name());
    out.put("space", SpaceJson.write(settings.space()));
    List<Object> goals = new ArrayList<>();
    settings.goals().forEach(g -> goals.add(Map.of("name", g.name(), "maximize", g.maximize())));
    out.put("goals", goals);
    out.put("sampler", spec(settings.sampler()));
    out.put("pruner", spec(settings.pruner()));
    out.put("concurrency", settings.concurrency());
    out.put("max_trials", settings.maxTrials());
    out.put("budget", settings.budget());
    out.put("seed", settings.seed());
    out.put("lag", settings.lag());
    if (Double.isFinite(settings.limits().study())) {
      out.put("max_seconds", settings.limits().study());
    }
    if (Double.isFinite(settings.limits().trial())) {
      out.put("max_trial_seconds", settings.limits().trial());
    }
    return ValueJson.text(out);
  }

  private static Map<String, Object> spec(MethodSpec spec) {
    return Map.of("name", spec.name(), "args", spec.args());
  }

  static Settings read(String place, StoredJson node) {
    List<Goal> goals =
        node.get("goals").list().stream()
            .map(g -> new Goal(g.get("name").text(), g.get("maximize").flag()))
            .toList();
    return new Settings(
        node.get("name").text(),
        SpaceJson.read(place, node.get("space").node()),
        goals,
        spec(node.get("sampler")),
        spec(node.get("pruner")),
        node.get("concurrency").whole(0),
        node.get("max_trials").whole(0),
        node.get("budget").whole(0),
        node.get("seed").seed(),
        node.get("lag").whole(0),
        new Settings.Limits(seconds(node, "max_seconds"), seconds(node, "max_trial_seconds")));
  }

  private static MethodSpec spec(StoredJson node) {
    return new MethodSpec(node.get("name").text(), ValueJson.map(node.get("args").object()));
  }

  private static double seconds(StoredJson node, String key) {
    return node.find(key).map(StoredJson::number).orElse(Double.POSITIVE_INFINITY);
  }
}
