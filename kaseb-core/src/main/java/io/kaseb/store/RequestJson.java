package io.kaseb.store;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

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

  static Request read(String place, StoredJson node) {
    StoredJson what = node.get("do");
    return switch (what.text()) {
      case "stop" -> new Request.Stop();
      case "pause" -> new Request.Pause();
      case "unpause" -> new Request.Unpause();
      case "kill" -> new Request.Kill(node.get("trial").whole(0));
      case "enqueue" -> new Request.Enqueue(new Parameters(node.get("parameters").entries()));
      case "change" ->
          new Request.Change(
              integer(node.find("concurrency")),
              integer(node.find("max_trials")),
              node.find("seconds")
                  .map(seconds -> OptionalDouble.of(seconds.number()))
                  .orElse(OptionalDouble.empty()),
              node.find("space").map(space -> SpaceJson.read(place, space.node())).orElse(null));
      default -> throw what.wrong("stop, pause, unpause, kill, enqueue or change");
    };
  }

  private static OptionalInt integer(Optional<StoredJson> node) {
    return node.map(n -> OptionalInt.of(n.whole(0))).orElse(OptionalInt.empty());
  }
}
