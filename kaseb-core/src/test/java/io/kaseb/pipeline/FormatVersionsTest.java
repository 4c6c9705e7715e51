package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Workers;
import io.kaseb.data.Dataset;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.event.Actions;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as the released versions wrote them are read for ever. Add a folder with each new format
/// version; never change one.
class FormatVersionsTest {
  private static final Path V1 = Path.of("src/test/resources/formats/v1");
  private static final Path V2 = Path.of("src/test/resources/formats/v2");

  @Test
  void datasetVersion1() throws IOException {
    Manifest manifest = Manifest.read(V1.resolve("dataset"));
    manifest.verify(V1.resolve("dataset"));
    assertThat(manifest.formatVersion()).isEqualTo(1);
    assertThat(manifest.train().buyers()).isEqualTo(1);
    Dataset dataset = Dataset.load(V1.resolve("dataset"), Workers.ONE);
    assertThat(dataset.catalogue().ids()).containsExactly("a", "b", "c");
    assertThat(dataset.train().items()).containsExactly(0, 1, 1, 2);
    assertThat(dataset.test().items()).containsExactly(0, 2);
    assertThat(dataset.train().times()).isNotNull().startsWith(1396867869277L);
  }

  @Test
  void datasetVersion2() throws IOException {
    OpenDataset open = OpenDataset.of(V2.resolve("dataset"), Workers.ONE);
    open.manifest().verify(V2.resolve("dataset"));
    assertThat(open.manifest().formatVersion()).isEqualTo(2);
    assertThat(open.manifest().actions())
        .extracting(Manifest.Action::word)
        .containsExactly("view", "cart", "search");
    LabelledSessions train = open.labelledTrain();
    assertThat(train.sessions().items()).containsExactly(0, 1, 1, LabelledSessions.NO_ITEM, 1);
    assertThat(train.signals().actions())
        .containsExactly(Actions.VIEW, Actions.VIEW, Actions.CART, Actions.SEARCH, Actions.VIEW);
    assertThat(train.purchases().places()).containsExactly(3);
    assertThat(train.signals().attributes().getLast().numbers())
        .containsExactly(Float.NaN, 5, 5, Float.NaN, Float.NaN);
    assertThat(open.labelledTest().signals().visitors().bought()).containsExactly(1);
  }

  @Test
  void modelVersion1() throws IOException {
    ModelFile file = ModelFile.read(V1.resolve("model.kaseb"));
    assertThat(file.kind()).isEqualTo("gru4rec");
    assertThat(file.catalogue().ids()).containsExactly("a", "b", "c");
    assertThat(file.config().network().learningRate()).isEqualTo(.2f);
    Forecaster forecaster = Forecaster.load(V1.resolve("model.kaseb"));
    Forecaster.State session = forecaster.newState();
    session.click(1);
    float[][] scores = new float[1][3];
    forecaster.scores(new Forecaster.State[] {session}, 1, scores);
    // As the version that wrote the file scored.
    assertThat(scores[0])
        .containsExactly(new float[] {-1.1242559f, .15041184f, .2870267f}, within(1e-5f));
  }

  @Test
  void modelVersion2() throws IOException {
    PurchaseForecaster forecaster = PurchaseForecaster.load(V2.resolve("model.kaseb"));
    PurchaseForecaster.Session session = forecaster.newSession();
    session.click(forecaster.catalogue().id(0), "S", 1_400_000_000_000L);
    session.click(forecaster.catalogue().id(1), null, 1_400_000_040_000L);
    PurchaseForecaster.Purchase purchase = session.forecast(true);
    // As the version that wrote the file forecast.
    assertThat(purchase.probability()).isCloseTo(.0714285714285714, within(1e-6));
    assertThat(purchase.items())
        .extracting(PurchaseForecaster.Item::probability)
        .allSatisfy(p -> assertThat(p).isCloseTo(.0357142857142857, within(1e-6)));
    assertThat(purchase.answer()).containsExactly("214509194", "214507340");
    assertThat(Forecaster.load(V2.resolve("model.kaseb")).catalogue().size()).isEqualTo(142);
  }

  /// What a file says of itself is read into records and written again to the letter.
  @ParameterizedTest
  @ValueSource(
      strings = {"v1/model", "v2/model", "v3/hybrid", "v3/int8", "v3/ensemble", "v3/markov"})
  void configurationProvenanceAndMetricsComeBackToTheLetter(String name) throws IOException {
    Path path = Path.of("src/test/resources/formats", name + ".kaseb");
    Map<String, String> metadata = Safetensors.readMetadata(path);
    ModelFile file = ModelFile.read(path);
    assertThat(file.config().json().toString()).isEqualTo(metadata.get("config"));
    assertThat(file.provenance().json().toString()).isEqualTo(metadata.get("provenance"));
    assertThat(file.metrics().json().toString()).isEqualTo(metadata.get("metrics"));
  }

  @ParameterizedTest
  @CsvSource({
    "hybrid, hybrid, .04425667, .23665735",
    "int8, hybrid, .044223264, .23708309",
    "ensemble, ensemble, -.6497029, 1.0210798",
    "markov, markov, 0, 6.1666665"
  })
  void modelVersion3(String name, String kind, float first, float sixth) throws IOException {
    Forecaster forecaster =
        Forecaster.load(Path.of("src/test/resources/formats/v3", name + ".kaseb"));
    assertThat(forecaster.name()).isEqualTo(kind);
    Forecaster.State session = forecaster.newState();
    session.click(1);
    session.click(2);
    float[][] scores = new float[1][forecaster.catalogue().size()];
    forecaster.scores(new Forecaster.State[] {session}, 1, scores);
    // As the version that wrote the file scored.
    assertThat(scores[0][0]).isCloseTo(first, within(1e-5f));
    assertThat(scores[0][5]).isCloseTo(sixth, within(1e-5f));
  }
}
