package io.kaseb.serve.http;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps web pages of other origins from using a visitor's browser against this server: by a name
/// that is made to point here (DNS rebinding), by a form, or by an image.
final class OriginCheck {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "");

  private final Set<String> hosts;

  /// Takes the hosts that requests may name.
  OriginCheck(ListenConfig listen) {
    hosts = new HashSet<>();
    listen.allowedHosts().forEach(host -> hosts.add(name(host)));
    if (hosts.isEmpty()) {
      hosts.addAll(LOOPBACK);
      if (!WILDCARDS.contains(listen.host())) {
        String host = listen.host();
        hosts.add(name(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host));
      }
    }
  }

  /// Refuses a request that names another host or comes from another origin's page.
  ///
  /// @param host values of the header Host; programs of old have none, a browser always has one
  /// @param origin the header Origin, or null
  /// @param site the header Sec-Fetch-Site, or null
  void check(List<String> host, @Nullable String origin, @Nullable String site) {
    if (host.size() > 1) {
      throw Problem.of(400, "Bad request", "there is more than one header Host");
    }
    String named = host.isEmpty() ? null : host.getFirst();
    if (named != null && !hosts.contains(ListenConfig.ANY_HOST) && !hosts.contains(name(named))) {
      throw Problem.of(
          421,
          "Misdirected request",
          "this server does not answer for host %s; whoever runs it can allow that (allowed_hosts)"
              .formatted(Text.quoted(named)));
    }
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      throw foreign();
    }
    if (origin != null && !isOf(origin, named)) {
      throw foreign();
    }
  }

  private static Problem foreign() {
    return Problem.of(403, "Forbidden", "pages of other origins may not send requests here");
  }

  /// Returns whether an origin's host and port are those that a request names. Its scheme does not
  /// count: a proxy before this server may have ended TLS.
  private static boolean isOf(String origin, @Nullable String host) {
    if (host == null) {
      return false;
    }
    try {
      URI from = URI.create(origin);
      URI to = URI.create("http://" + host);
      return from.getHost() != null
          && to.getHost() != null
          && name(from.getHost()).equals(name(to.getHost()))
          && port(from) == port(to, from.getScheme());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int port(URI uri) {
    return port(uri, uri.getScheme());
  }

  private static int port(URI uri, String scheme) {
    return uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
  }

  /// Returns a host in lower case, without port and without the dot of a full name.
  private static String name(String host) {
    int end = host.length();
    while (end > 0 && Character.isDigit(host.charAt(end - 1))) {
      end--;
    }
    boolean hasPort = end > 0 && host.charAt(end - 1) == ':';
    String name = hasPort ? host.substring(0, end - 1) : host;
    return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
        .toLowerCase(Locale.ROOT);
  }
}
