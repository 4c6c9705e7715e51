package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.OpenDataset;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Sessions;
import io.kaseb.train.ActedItems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Session-kNN on logs that say what was put into the cart.
class ActedItemsTest {
  private static final int SESSIONS = 600;
  @TempDir private Path folder;

  /// Writes sessions that look at one of five items, then at one of its three; in a third of them a
  /// cart says which of the three it will be in most.
  ///
  /// @param honest whether carts tell anything
  private Path dataset(boolean honest, boolean carts) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    List<String> lines = new ArrayList<>(List.of("session,time,item,type"));
    for (int s = 0; s < SESSIONS; s++) {
      int first = random.nextInt(5);
      boolean carted = random.nextInt(3) == 0;
      // Those who fill their carts tell what the others will click.
      int drawn = random.nextInt(10) < 6 ? first % 3 : random.nextInt(3);
      int next = carted && honest ? first % 3 : drawn;
      long time = 1_600_000_000L + 10_000L * s;
      lines.add("%d,%d,a%d,view".formatted(s, time, first));
      lines.add("%d,%d,b%d-%d,view".formatted(s, time + 5, first, next));
      int last = random.nextInt(3);
      lines.add("%d,%d,b%d-%d,view".formatted(s, time + 9, first, last));
      if (carts && carted) {
        lines.add("%d,%d,b%d-%d,cart".formatted(s, time + 11, first, next));
        if (!honest) {
          // Everything in the cart: nothing in it stands out.
          lines.add("%d,%d,b%d-%d,cart".formatted(s, time + 12, first, last));
          lines.add("%d,%d,a%d,cart".formatted(s, time + 13, first));
        }
      }
    }
    String name = "log-" + honest + carts;
    Path log = Logs.write(folder.resolve(name + ".csv"), lines.toArray(String[]::new));
    Path dataset = folder.resolve(name);
    Format format =
        Format.of("csv").with(LogColumns.parse("session=session,time=time,item=item,type=type"));
    Logs.prepare(ClickSource.of(format, log), Logs.rules(Protocol.NONE, "random:0.1"), dataset);
    return dataset;
  }

  private Path train(String kind, Path dataset) throws IOException {
    Path out = folder.resolve(kind + "-" + dataset.getFileName() + ".kaseb");
    TrainModel.run(
        new TrainModel.Options(
            kind,
            Train.Options.of(
                    dataset,
                    out,
                    TrainConfig.DEFAULT.with(Map.of("layers", "4", "n_epochs", "1")),
                    1)
                .withIntent(IntentConfig.NONE),
            Map.of(),
            2),
        epoch -> {},
        Progress.NONE,
        () -> false);
    return out;
  }

  @ParameterizedTest
  @ValueSource(strings = {"vmis-knn", "hybrid"})
  void cartsThatTellSomethingCountMore(String kind) throws IOException {
    Path dataset = dataset(true, true);
    ModelFile file = ModelFile.read(train(kind, dataset));
    assertThat(file.tensors()).containsKey("knn.acted_weight");
    assertThat(file.tensors().get("knn.acted_weight").data()[0]).isGreaterThan(1);
    assertThat(file.ints().get("knn.acted")).hasSizeGreaterThan(100);
    Session session = Forecaster.of(file).newSession();
    session.click("a1");
    assertThat(session.forecast(1).items().getFirst().item()).isEqualTo("b1-1");
  }

  @Test
  void aLogOfClicksAloneAndOneWhoseCartsTellNothingStayAsTheyWere() throws IOException {
    Path clicks = dataset(true, false);
    assertThat(ActedItems.of(OpenDataset.of(clicks, Workers.of(1)))).isNull();
    assertThat(ModelFile.read(train("vmis-knn", clicks)).ints())
        .containsOnlyKeys("knn.offsets", "knn.items");
    ModelFile file = ModelFile.read(train("vmis-knn", dataset(false, true)));
    assertThat(file.ints()).containsOnlyKeys("knn.offsets", "knn.items");
  }

  @Test
  void cartsAreFoundBySession() throws IOException {
    OpenDataset open = OpenDataset.of(dataset(true, true), Workers.of(1));
    Sessions acted = ActedItems.of(open);
    assertThat(acted).isNotNull();
    assertThat(acted.count()).isEqualTo(open.dataset().train().count());
    for (int s = 0; s < acted.count(); s++) {
      assertThat(acted.length(s)).isLessThanOrEqualTo(1);
    }
    assertThat(acted.events()).isBetween(120, 260);
  }
}
