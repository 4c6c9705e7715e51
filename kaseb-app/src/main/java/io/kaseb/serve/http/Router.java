package io.kaseb.serve.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds the route of a request by its path as it was sent: nothing is decoded or tidied up before,
/// so that no path can pass for another's.
final class Router {
  private final List<Entry> entries = new ArrayList<>();

  /// A path's routes by method.
  private record Entry(String[] parts, Map<String, Route> methods) {
    boolean fits(String[] sent) {
      if (sent.length != parts.length) {
        return false;
      }
      for (int i = 0; i < sent.length; i++) {
        if (parts[i].startsWith("{") ? sent[i].isEmpty() : !parts[i].equals(sent[i])) {
          return false;
        }
      }
      return true;
    }
  }

  Router(List<Route> routes) {
    Map<String, Entry> byPath = new TreeMap<>();
    for (Route route : routes) {
      Entry entry =
          byPath.computeIfAbsent(route.path(), p -> new Entry(p.split("/", -1), new TreeMap<>()));
      entry.methods.put(route.method(), route);
      if (route.isOnlyReading()) {
        entry.methods.put("HEAD", route);
      }
    }
    entries.addAll(byPath.values());
  }

  /// Returns the route, or null where there is none.
  @Nullable Route find(String method, String path) {
    String[] sent = path.split("/", -1);
    for (Entry entry : entries) {
      Route route = entry.fits(sent) ? entry.methods.get(method) : null;
      if (route != null) {
        return route;
      }
    }
    return null;
  }

  /// Answers what no route is for.
  Reply refusal(String path) {
    String[] sent = path.split("/", -1);
    List<String> allowed =
        entries.stream()
            .filter(entry -> entry.fits(sent))
            .flatMap(entry -> entry.methods.keySet().stream())
            .distinct()
            .sorted()
            .toList();
    if (allowed.isEmpty()) {
      return Problem.of(404, "Not found", "no such path; /openapi.json lists them").reply();
    }
    String methods = String.join(", ", allowed);
    return Problem.of(405, "Method not allowed", "this path takes " + methods)
        .reply()
        .with("Allow", methods);
  }
}
