package io.kaseb.newitem;

import io.kaseb.base.KasebException;
import java.util.Map;

/// An item that a model does not know yet.
///
/// @param id its id
/// @param attributes values by attribute name: texts, numbers; those that are missing are left out
public record NewItem(String id, Map<String, Object> attributes) {
  /// Checks the id.
  public NewItem {
    if (id.isEmpty() || id.length() > 256) {
      throw new KasebException(
          new KasebException.Problem("item id", id, "1 to 256 characters", null));
    }
    attributes = Map.copyOf(attributes);
  }
}
