package io.kaseb.store;

import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A user's request as JSON in the store.
final class RequestJson {
  private RequestJson() {}

  static String write(Request request) {
    Map<String, Object> out = new LinkedHashMap<>();
    switch (request) {
      case Request.Stop s -> out.put("do", "stop");
      case Request.Pause p -> out.put("do", "pause");
      case Request.Unpause u -> out.put("do", "unpause");
      case Request.Kill kill -> {
        out.put("do", "kill");
        out.put("trial", kill.trial());
      }
      case Request.Enqueue enqueue -> {
        out.put("do", "enqueue");
        out.put("parameters", enqueue.parameters().values());
      }
      case Request.Change change -> {
        out.put("do", "change");
        change.concurrency().ifPresent(n -> out.put("concurrency", n));
        change.maxTrials().ifPresent(n -> out.put("max_trials", n));
        change.seconds().ifPresent(n -> out.put("seconds", n));
        Space space = change.space();
        if (space != null) {
          out.put("space", SpaceJson.write(space));
        }
      }
    }
    return ValueJson.text(out);
  }

  static Request read(String place, String text) {
    JsonNode node = ValueJson.read(text);
    return switch (node.get("do").asString()) {
      case "stop" -> new Request.Stop();
      case "pause" -> new Request.Pause();
      case "unpause" -> new Request.Unpause();
      case "kill" -> new Request.Kill(node.get("trial").asInt());
      case "enqueue" -> new Request.Enqueue(ValueJson.parameters(node.get("parameters")));
      case "change" -> {
        JsonNode seconds = node.get("seconds");
        yield new Request.Change(
            integer(node.get("concurrency")),
            integer(node.get("max_trials")),
            seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds.asDouble()),
            node.has("space") ? SpaceJson.read(place, node.get("space")) : null);
      }
      default -> throw new IllegalArgumentException("unknown request " + text);
    };
  }

  private static OptionalInt integer(@Nullable JsonNode node) {
    return node == null ? OptionalInt.empty() : OptionalInt.of(node.asInt());
  }
}
