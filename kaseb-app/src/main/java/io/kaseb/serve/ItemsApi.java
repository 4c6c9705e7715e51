package io.kaseb.serve;

import io.kaseb.base.KasebException;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the routes that bring items which came after the training.
final class ItemsApi {
  private static final Logger LOG = LoggerFactory.getLogger(ItemsApi.class);

  private final ModelRegistry models;
  private final Metrics metrics;

  ItemsApi(ModelRegistry models, Metrics metrics) {
    this.models = models;
    this.metrics = metrics;
  }

  List<Route> routes() {
    return List.of(
        Route.operator("/v1/items", call -> Reply.ok(view())),
        Route.admin("PUT", "/v1/items", this::put),
        Route.admin("POST", "/v1/items", this::reload),
        Route.admin("DELETE", "/v1/items/{id}", this::remove));
  }

  /// @param items all new items
  /// @param fromFile those of the file
  /// @param put those that were put
  private record View(int items, int fromFile, int put) {}

  private View view() {
    NewItems items = models.items();
    return new View(items.size(), items.file().size(), items.put().size());
  }

  /// @param put items of this request
  /// @param known those of them that every model knows from its training, so that they stay there
  /// @param unknownAttributes names that no model knows and that place nothing
  /// @param items all new items of the server
  private record Put(int put, int known, TreeSet<String> unknownAttributes, int items) {}

  private Reply put(Call call) {
    if (!models.isReady()) {
      throw Problem.busy("the model is still loading");
    }
    try {
      List<GivenItem> given = GivenItem.ofBody(call.body());
      models.put(given);
      LOG.info("{} items were put", given.size());
      Deployment now = models.deployment();
      int known = (int) given.stream().filter(g -> now.isKnownEverywhere(g.item().id())).count();
      TreeSet<String> unknown = new TreeSet<>();
      given.forEach(g -> unknown.addAll(g.item().attributes().keySet()));
      now.models().values().forEach(m -> unknown.removeAll(m.itemAttributes().keySet()));
      return Reply.ok(new Put(given.size(), known, unknown, models.items().size()));
    } catch (Problem e) {
      metrics.count("items.refused");
      throw e;
    } catch (KasebException e) {
      metrics.count("items.refused");
      throw Problem.of("body", e);
    }
  }

  private Reply reload(Call call) {
    try {
      models.reloadItems();
      return Reply.ok(view());
    } catch (KasebException | IOException e) {
      metrics.count("items.refused");
      LOG.warn("the new items were refused and stay as they were: {}", e.toString());
      throw Problem.of(
          409,
          "Conflict",
          "the file is refused and the old items stay; the log says where: " + reason(e));
    }
  }

  /// Says why without the place, which may be a folder of the server.
  private static String reason(Exception e) {
    return e instanceof KasebException known && known.problem() != null
        ? known.messageWithoutPlace((setting, value) -> setting)
        : "it cannot be read";
  }

  private Reply remove(Call call) {
    models.removeItem(call.path("id"));
    return Reply.done();
  }
}
