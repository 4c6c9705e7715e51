package io.kaseb.ingest;

import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which column of a log plays which role, as in `session=visitorid,item=itemid`.
///
/// @param byRole column name of each role that the log has; roles are those of [#ROLES]
public record LogColumns(Map<String, String> byRole) {
  /// What a column can be to Kaseb. `date` is the day where `time` holds only the time of day.
  public static final List<String> ROLES =
      List.of("session", "item", "time", "type", "category", "price", "quantity", "date");

  /// How users name columns, for messages.
  static final String EXAMPLE =
      KasebException.setting("columns", "session=visitor,item=sku,time=ts");

  /// Checks that the roles are known and that session and item are there.
  public LogColumns {
    byRole = Map.copyOf(byRole);
    for (String role : new TreeSet<>(byRole.keySet())) {
      if (!ROLES.contains(role)) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("columns"),
                null,
                null,
                "unknown role %s; did you mean %s? Roles are %s"
                    .formatted(role, Nearest.of(role, ROLES), String.join(", ", ROLES))));
      }
    }
    for (String needed : List.of("session", "item")) {
      if (!byRole.containsKey(needed)) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("columns"),
                null,
                null,
                "the role %s is missing; name its column, as in %s".formatted(needed, EXAMPLE)));
      }
    }
  }

  /// Reads `role=column` pairs set apart by commas.
  public static LogColumns parse(String text) {
    Map<String, String> byRole = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1 || equals == pair.length() - 1) {
        throw KasebException.ofSetting(
            "columns", pair, "role=column pairs, such as session=visitorid");
      }
      byRole.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    return new LogColumns(byRole);
  }

  /// Returns the columns that play a role.
  Collection<String> names() {
    return byRole.values();
  }

  /// Returns the column of a role, or null where the log has none.
  public @Nullable String of(String role) {
    return byRole.get(role);
  }
}
