package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.forecast.Forecaster;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.ModelFile;
import io.kaseb.model.TopItems;
import io.kaseb.newitem.AttributeRows;
import io.kaseb.newitem.ItemValues;
import io.kaseb.newitem.NewItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ranker's candidates are of the brand of a session's last item too, where the log has brands.
class RankerAttributesTest {
  private static final int BRANDS = 40;

  @TempDir private Path folder = Path.of("");

  /// Shoppers of one brand each who click its best-known items more often, and so few of them that
  /// most pairs of items share no session.
  private Path log() throws IOException {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>(List.of("visit,sku,at,brand"));
    for (int s = 0; s < 700; s++) {
      int brand = random.nextInt(BRANDS);
      for (int e = 0; e < 3; e++) {
        int item = (int) (30 * Math.pow(random.nextDouble(), 2));
        lines.add(
            "s%d,b%d-%d,%d,b%d".formatted(s, brand, item, 1_700_000_000L + 100L * s + e, brand));
      }
    }
    return Files.write(folder.resolve("log.csv"), lines);
  }

  private ModelFile ranker(boolean hasBrands) throws IOException {
    Format plain = Format.of("csv").with(LogColumns.parse("session=visit,item=sku,time=at"));
    Format format =
        hasBrands ? plain.withAttributes(LogAttribute.parse("brand:category@item")) : plain;
    Path dataset = folder.resolve("dataset" + hasBrands);
    Logs.prepare(ClickSource.of(format, log()), Logs.rules(Protocol.NONE, "time:0.15"), dataset);
    Path file = folder.resolve("ranker" + hasBrands + ".kaseb");
    TrainConfig config = TrainConfig.DEFAULT.with(Map.of("layers", "16", "n_epochs", "2"));
    TrainModel.run(
        new TrainModel.Options(
            "ranker",
            Train.Options.of(dataset, file, config, 1).withIntent(IntentConfig.NONE).withValid(.3),
            Map.of(),
            2),
        epoch -> {},
        Progress.NONE,
        () -> false);
    return ModelFile.read(file);
  }

  private static double found(ModelFile ranker) {
    Matcher matcher =
        Pattern.compile("candidates hold ([.0-9]+)").matcher(ranker.metrics().hybrid());
    assertThat(matcher.find()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void moreOfTheNextItemsAreCandidates() throws IOException {
    ModelFile without = ranker(false);
    assertThat(ItemValues.read(without.ints())).isNull();
    ModelFile with = ranker(true);
    ItemValues values = ItemValues.read(with.ints());
    assertThat(values).isNotNull();
    assertThat(values.items()).isEqualTo(with.catalogue().size());
    assertThat(found(with)).isGreaterThan(found(without) + .03);
  }

  @Test
  void anItemThatCameLaterHasItsBrandsItemsAsCandidates() throws IOException {
    ModelFile more =
        AttributeRows.extended(
            ranker(true),
            List.of(
                new NewItem("later", Map.of("brand", "b7")),
                new NewItem("bare", Map.of("brand", "nobody's"))));
    ItemValues values = ItemValues.read(more.ints());
    assertThat(values).isNotNull();
    int items = values.items();
    assertThat(items).isEqualTo(more.catalogue().size());
    assertThat(values.starts()[items] - values.starts()[items - 1]).isZero();
    Path file = folder.resolve("more.kaseb");
    more.write(file);
    Forecaster model = Forecaster.load(file);
    Forecaster.State state = model.newState();
    state.click(model.catalogue().index("later"));
    TopItems top = TopItems.of(20);
    model.top(state, top);
    int own = 0;
    for (int item : top.items()) {
      own += model.catalogue().id(item).startsWith("b7-") ? 1 : 0;
    }
    assertThat(own).isGreaterThan(10);
  }
}
