package io.kaseb.serve.http;

import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// A request as the routes see it, its body read already and within its bounds.
///
/// @param request the request itself
/// @param template the path of its route, as in `/v1/sessions/{id}`
/// @param body its body, empty where it has none
public record Call(Request request, String template, byte[] body) {
  /// Returns the query.
  public Query query() {
    String query = request.getHttpURI().getQuery();
    return new Query(query == null ? "" : query);
  }

  /// Returns a part of the path, decoded and checked as an id. It is taken from the path as it was
  /// sent: a semicolon in an id is a part of it.
  public String path(String name) {
    String[] wanted = template.split("/", -1);
    String[] sent = request.getHttpURI().getPath().split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals("{" + name + "}")) {
        String id = JsonFields.checkId(name, Utf8.percentDecoded(name, sent[i], false));
        if (id.indexOf('/') >= 0) {
          throw Problem.field(name, "cannot hold a /");
        }
        return id;
      }
    }
    throw new IllegalStateException(template + " has no part " + name);
  }

  /// Returns whether only the head of the answer is asked for.
  public boolean isHead() {
    return request.getMethod().equals("HEAD");
  }

  /// Returns a header's value, or null.
  @Nullable String header(HttpHeader header) {
    return request.getHeaders().get(header);
  }

  /// Refuses a body that is not declared to be JSON: a web page elsewhere can make a browser send
  /// other bodies here, but not this one.
  public void checkJson() {
    String type = header(HttpHeader.CONTENT_TYPE);
    String lower = type == null ? "" : type.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("application/json") && !lower.startsWith("application/x-ndjson")) {
      throw Problem.of(
          415,
          "Unsupported media type",
          "the header Content-Type must be application/json (application/x-ndjson for lines)");
    }
  }
}
