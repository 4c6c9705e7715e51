package io.kaseb.logfile;

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
  /// The role of a column that says that a row is a purchase, as in `purchase=state:paid|shipped`.
  static final String PURCHASE = "purchase";

  /// What a column can be to Kaseb. `date` is the day where `time` holds only the time of day.
  public static final List<String> ROLES =
      List.of(
          "session",
          "item",
          "time",
          "type",
          "category",
          "price",
          "quantity",
          "date",
          "user",
          PURCHASE);

  /// How users name columns, for messages.
  static final String EXAMPLE =
      KasebException.setting("columns", "session=visitor,item=sku,time=ts");

  /// Checks that the roles are known and that what no log can lack is there.
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
    if (!byRole.containsKey("session")) {
      throw missing("session");
    }
    if (!byRole.containsKey("item") && !byRole.containsKey("type")) {
      throw missing("item (or type, where events have no items)");
    }
    String purchase = byRole.get(PURCHASE);
    if (purchase != null && !purchase.matches("(?s).+:.+")) {
      throw KasebException.ofSetting(
          "columns",
          PURCHASE + "=" + purchase,
          "COLUMN:VALUE or COLUMN:VALUE|VALUE, such as purchase=state:paid");
    }
  }

  private static KasebException missing(String role) {
    return new KasebException(
        new KasebException.Problem(
            KasebException.setting("columns"),
            null,
            null,
            "the role %s is missing; name its column, as in %s".formatted(role, EXAMPLE)));
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
    return byRole.keySet().stream().map(this::column).toList();
  }

  private String column(String role) {
    String named = byRole.getOrDefault(role, "");
    return role.equals(PURCHASE) ? named.substring(0, named.lastIndexOf(':')) : named;
  }

  /// Returns the values of the column [#PURCHASE] that make a row a purchase; none without it.
  List<String> purchaseWords() {
    String named = byRole.get(PURCHASE);
    return named == null
        ? List.of()
        : List.of(named.substring(named.lastIndexOf(':') + 1).split("\\|"));
  }

  /// Returns the column of a role, or null where the log has none.
  public @Nullable String of(String role) {
    return byRole.containsKey(role) ? column(role) : null;
  }
}
