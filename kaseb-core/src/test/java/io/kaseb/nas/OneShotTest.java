package io.kaseb.nas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.Cell;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.OpenDataset;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Logs;
import io.kaseb.search.Tune;
import io.kaseb.tune.study.MethodSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneShotTest {
  @TempDir private static Path shared;
  private static Path dataset;

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() {
    List<String> lines = new ArrayList<>();
    Random random = new Random(3);
    for (int s = 0; s < 600; s++) {
      int start = random.nextInt(60);
      lines.add(
          "%d %d %d %d".formatted(start, (start + 1) % 60, (start + 2) % 60, (start + 3) % 60));
    }
    Path log = Logs.write(shared.resolve("log.txt"), lines.toArray(String[]::new));
    dataset = shared.resolve("data");
    Logs.prepare("sessions", log, Logs.rules(Protocol.NONE, "time:0.2"), dataset);
  }

  private static ConfigFile.Resolved base(String... sets) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("n_epochs=2", "layers=24", "n_sample=32", "batch_size=16", "intent=off"));
    all.addAll(List.of(sets));
    return ConfigFile.resolve(null, all);
  }

  private OneShot.Options options(Shapes shapes, OneShot.Limits limits) throws IOException {
    return new OneShot.Options(folder.resolve("e"), base(), shapes, .2, 200, 1, limits, 1);
  }

  private static OneShotFigures run(OneShot.Options options) throws IOException {
    OpenDataset data = OpenDataset.of(dataset, Workers.of(1));
    return Objects.requireNonNull(OneShot.run(options, data, Progress.NONE, () -> false));
  }

  private static Shapes shapes(List<Integer> widths) throws IOException {
    return Shapes.around(base().config(), null, null, widths);
  }

  @Test
  void theBestAreTrainedByThemselvesAndTheWinnerIsOneOfThem() throws IOException {
    OneShot.Options options = options(shapes(List.of(2, 24)), new OneShot.Limits(6, 100, 2, 6));
    OneShotFigures figures = run(options);
    assertThat(figures.networks()).isEqualTo(12);
    assertThat(figures.ranking()).hasSize(12);
    assertThat(figures.ranking())
        .extracting(row -> Objects.requireNonNull(row.shared()))
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    // Two units cannot tell 60 items apart.
    assertThat(figures.ranking().getFirst().name()).contains("24");
    assertThat(figures.ranking().getLast().name()).contains("2");
    assertThat(figures.ranking().subList(0, 2)).allMatch(row -> row.own() != null);
    double most =
        figures.ranking().stream()
            .filter(row -> row.own() != null)
            .mapToDouble(row -> row.own().mrr20())
            .max()
            .orElseThrow();
    assertThat(figures.winner().own().mrr20()).isEqualTo(most);
    RankCheck check = Objects.requireNonNull(figures.check());
    assertThat(check.networks()).isEqualTo(6);
    assertThat(check.spearman()).isBetween(check.spearmanInterval().getFirst(), 1.0);
    assertThat(OneShotFiles.text(figures))
        .contains("12 networks share", "Spearman", "Kendall", "winner: " + figures.winner().name());
    Path best = options.out().resolve(OneShotFiles.BEST);
    TrainConfig found = ConfigFile.resolve(best, List.of()).config();
    assertThat(Shapes.name(Architecture.of(found))).isEqualTo(figures.winner().name());
    assertThat(found.nEpochs()).isEqualTo(figures.winner().own().epoch());
    assertThat(options.out().resolve(OneShotFiles.REPORT)).hasContent(OneShotFiles.text(figures));
    // Again, with the same seed, the same.
    assertThat(run(in("again", options)).ranking())
        .extracting(OneShotFigures.Row::shared)
        .isEqualTo(figures.ranking().stream().map(OneShotFigures.Row::shared).toList());
    assertThatThrownBy(() -> run(options))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("new or an empty folder");
  }

  @Test
  void aStoppedSearchGoesOnAndEndsInTheSameReport() throws IOException {
    OneShot.Options whole = options(shapes(List.of(2, 24)), new OneShot.Limits(3, 8, 1, 3));
    OneShotFigures expected = run(whole);
    OneShot.Options options = in("stopped", whole);
    OpenDataset data = OpenDataset.of(dataset, Workers.of(1));
    OneShotFigures figures = null;
    Set<Boolean> measured = new HashSet<>();
    // Each run is stopped a little later than the one before: in an epoch, between two networks.
    for (int runs = 1; figures == null; runs++) {
      AtomicInteger left = new AtomicInteger(2 * runs);
      figures = OneShot.run(options, data, Progress.NONE, () -> left.getAndDecrement() <= 0);
      if (figures == null) {
        assertThat(OneShot.isUnfinished(options.out())).isTrue();
        measured.add(Files.exists(options.out().resolve("measured.json")));
        OneShot.Options other =
            new OneShot.Options(
                options.out(), base("seed=5"), options.shapes(), .2, 200, 1, options.limits(), 1);
        assertThatThrownBy(() -> run(other))
            .isInstanceOf(KasebException.class)
            .hasMessageContaining("was made with another seed");
      }
    }
    assertThat(measured).containsExactlyInAnyOrder(false, true);
    assertThat(figures.ranking()).extracting(OneShotTest::words).isEqualTo(words(expected));
    assertThat(words(figures.winner())).isEqualTo(words(expected.winner()));
    assertThat(figures.check()).isEqualTo(expected.check());
    assertThat(OneShot.isUnfinished(options.out())).isFalse();
    try (Stream<Path> files = Files.list(options.out())) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .contains(OneShotFiles.BEST, OneShotFiles.REPORT)
          .noneMatch(name -> name.endsWith("checkpoint") || name.equals("measured.json"));
    }
  }

  private OneShot.Options in(String name, OneShot.Options options) {
    return new OneShot.Options(
        folder.resolve(name),
        options.base(),
        options.shapes(),
        options.valid(),
        options.validSessions(),
        options.share(),
        options.limits(),
        options.threads());
  }

  private static List<String> words(OneShotFigures figures) {
    return figures.ranking().stream().map(OneShotTest::words).toList();
  }

  /// A network with what it reached, times left out.
  private static String words(OneShotFigures.Row row) {
    OneShotFigures.Trained own = row.own();
    String trained = own == null ? "" : own.mrr20() + " " + own.recall20() + " " + own.epoch();
    return row.name() + " " + row.shared() + " " + trained;
  }

  @Test
  void evolutionMeasuresSomeOfMany() throws IOException {
    Shapes shapes = shapes(List.of(2, 4, 6, 8, 10, 12, 24));
    assertThat(shapes.all()).hasSize(2 * (7 + 49));
    OneShotFigures figures = run(options(shapes, new OneShot.Limits(1, 25, 1, 0)));
    assertThat(figures.ranking()).hasSize(25);
    assertThat(figures.check()).isNull();
    assertThat(folder.resolve("e").resolve(OneShotFiles.SPACE)).doesNotExist();
  }

  /// Evolution comes sooner to the best of a space than chance does.
  @Test
  void evolutionClimbs() {
    Shapes shapes =
        new Shapes(
            List.of(Cell.GRU, Cell.LSTM),
            List.of(1, 2, 3),
            List.of(8, 16, 24, 32, 40, 48, 56, 64),
            Embedding.CONSTRAINED,
            List.of());
    List<Architecture> all = shapes.all();
    double found = 0;
    double chance = 0;
    for (int seed = 0; seed < 20; seed++) {
      Evolution evolution = Evolution.of(all, false, new Random(seed));
      Random random = new Random(100 + seed);
      Set<Architecture> seen = new HashSet<>();
      double best = Double.NEGATIVE_INFINITY;
      double drawn = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < 80; i++) {
        Architecture next = evolution.next();
        assertThat(seen.add(next)).isTrue();
        evolution.told(next, worth(next));
        best = Math.max(best, worth(next));
        drawn = Math.max(drawn, worth(all.get(random.nextInt(all.size()))));
      }
      found += best;
      chance += drawn;
    }
    assertThat(found).isGreaterThan(chance);
    // All of a space, each once.
    Evolution whole = Evolution.of(all, true, new Random(1));
    Set<Architecture> seen = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      seen.add(whole.next());
    }
    assertThat(seen).hasSize(all.size());
  }

  private static double worth(Architecture shape) {
    double worth = shape.cell() == Cell.GRU ? 10 : 0;
    for (int l = 0; l < shape.layers().size(); l++) {
      worth -= Math.abs(shape.layers().get(l) - 40) / 8.0;
    }
    return worth - 3 * Math.abs(shape.layers().size() - 2);
  }

  @Test
  void everyShapeIsDrawn() throws IOException {
    Shapes constrained = shapes(List.of(4, 8));
    Shapes own =
        Shapes.around(
            base("constrained_embedding=false", "embedding=16").config(), null, null, List.of(8));
    for (Shapes shapes : List.of(constrained, own)) {
      Set<Architecture> drawn = new HashSet<>();
      for (long key = 0; key < 2_000; key++) {
        drawn.add(shapes.drawn(key));
      }
      assertThat(drawn).containsExactlyInAnyOrderElementsOf(shapes.all());
    }
    assertThat(own.all()).hasSize(8);
    assertThat(own.embeddings()).containsExactly(8, 16);
  }

  @Test
  void twoCellsAtMost() {
    List<Cell> three = List.of(Cell.GRU, Cell.LSTM, Cell.MGU);
    assertThatThrownBy(() -> Shapes.around(TrainConfig.DEFAULT, three, null, null))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("nas_cells=gru,lstm,mgu")
        .hasMessageContaining("one cell or two");
  }

  @Test
  void aSeparateEmbeddingIsChosenToo() throws IOException {
    ConfigFile.Resolved base = base("constrained_embedding=false", "embedding=16");
    Shapes shapes = Shapes.around(base.config(), List.of(Cell.GRU), List.of(1), List.of(12, 24));
    OneShot.Options options =
        new OneShot.Options(
            folder.resolve("e"), base, shapes, .2, 200, 1, new OneShot.Limits(2, 100, 1, 0), 2);
    OneShotFigures figures = run(options);
    assertThat(figures.ranking())
        .extracting(OneShotFigures.Row::name)
        .containsExactlyInAnyOrder(
            "gru 12 embedding 8",
            "gru 12 embedding 16",
            "gru 24 embedding 8",
            "gru 24 embedding 16");
  }

  @Test
  void whatSharedWeightsLetOnIsASpaceOfTheUsualSearch() throws IOException {
    List<OneShotFigures.Row> ranking = new ArrayList<>();
    for (String[] keys :
        new String[][] {
          {"gru", "24"},
          {"lstm", "24"},
          {"gru", "12,24"},
          {"lstm", "4"},
          {"gru", "4"},
          {"gru", "4,4"},
          {"lstm", "4,4"},
          {"lstm", "4,8"},
          {"gru", "4,8"}
        }) {
      ranking.add(new OneShotFigures.Row("", Map.of("cell", keys[0], "layers", keys[1]), .1, null));
    }
    Path space = folder.resolve("space.json");
    Json.write(space, OneShotFiles.space(ranking));
    Tune.Options options =
        new Tune.Options(
            dataset,
            folder.resolve("search"),
            new Tune.Subject(base("n_epochs=1"), space),
            Tune.Goals.of("mrr@20"),
            new Tune.Part(.2, 200, 1, "epochs"),
            new Tune.Search(9, null, 1, null, MethodSpec.of("None"), true, null),
            1);
    Tune.create(options);
    Tune.Result result = Tune.run(options.out(), trial -> {}, () -> false);
    // The best third of nine, and no others.
    assertThat(result.figures().reason()).contains("has 3 configurations; all were tried");
    assertThat(result.figures().states()).containsEntry("SUCCEEDED", 3);
    assertThat(Files.readString(space)).doesNotContain("\"4,8\"");
  }

  @Test
  void rankCorrelations() {
    double[] up = {1, 2, 3, 4, 5, 6};
    double[] down = {6, 5, 4, 3, 2, 1};
    assertThat(RankCheck.kendall(up, up)).isEqualTo(1);
    assertThat(RankCheck.kendall(up, down)).isEqualTo(-1);
    // By hand: 13 pairs agree, 2 do not.
    assertThat(RankCheck.kendall(up, new double[] {2, 1, 3, 4, 6, 5}))
        .isCloseTo(11.0 / 15, within(1e-12));
    // A pair that is equal on one side counts for neither: tau-b = 2 / sqrt(2 x 3).
    assertThat(RankCheck.kendall(new double[] {1, 1, 2}, new double[] {1, 2, 3}))
        .isCloseTo(2 / Math.sqrt(6), within(1e-12));
    RankCheck check = RankCheck.of(up, new double[] {2, 1, 3, 4, 6, 5});
    assertThat(check.good()).isTrue();
    assertThat(check.kendallInterval().getFirst()).isLessThan(check.kendall());
    assertThat(RankCheck.of(up, down).good()).isFalse();
    assertThat(RankCheck.of(new double[] {1, 2, 3}, new double[] {1, 2, 3}).spearmanInterval())
        .isEmpty();
  }

  @Test
  void whatCannotBeIsSaid() throws IOException {
    assertThatThrownBy(() -> shapes(List.of(0, 4)))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("nas");
    TrainConfig oneHot = base("constrained_embedding=false").config();
    assertThatThrownBy(() -> Shapes.around(oneHot, null, null, null))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("embedding");
    assertThatThrownBy(() -> new OneShot.Limits(1, 10, 1, 2))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("0 for none, or 3 or more");
    OneShot.Options options = options(shapes(List.of(4)), new OneShot.Limits(1, 100, 1, 0));
    OpenDataset data = OpenDataset.of(dataset, Workers.of(1));
    // Long enough that it is asked whether to stop.
    assertThat(OneShot.run(options, data, Progress.NONE, () -> true)).isNull();
    assertThat(options.out()).doesNotExist();
    assertThatThrownBy(() -> run(of("distill=teacher.kaseb", options)))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("no teacher");
    assertThatThrownBy(() -> run(of("readout=core", options)))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("readout=core: networks that share weights");
  }

  private static OneShot.Options of(String setting, OneShot.Options options) throws IOException {
    return new OneShot.Options(
        options.out(), base(setting), options.shapes(), .2, 200, 1, options.limits(), 1);
  }
}
