package io.kaseb.nas;

import io.kaseb.base.KasebException;
import io.kaseb.config.Cell;
import io.kaseb.config.KeyType;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The shapes that one network can hold: every choice of a cell, of how many layers, of each
/// layer's units and of the embedding's floats.
///
/// @param cells one or two
/// @param depths numbers of layers, ascending
/// @param widths units of a layer, ascending
/// @param mode how items enter
/// @param embeddings floats of a separate embedding, ascending; empty where it is the last layer's
public record Shapes(
    List<Cell> cells,
    List<Integer> depths,
    List<Integer> widths,
    Embedding mode,
    List<Integer> embeddings) {
  /// More are not listed one by one.
  private static final int MOST = 20_000;

  /// Orders the numbers and checks them.
  public Shapes {
    cells = cells.stream().distinct().toList();
    depths = List.copyOf(new TreeSet<>(depths));
    widths = List.copyOf(new TreeSet<>(widths));
    embeddings = List.copyOf(new TreeSet<>(embeddings));
    if (cells.isEmpty() || cells.size() > 2) {
      List<String> names = cells.stream().map(KeyType::text).toList();
      throw KasebException.ofSetting(
          "nas_cells", String.join(",", names), "one cell or two, as in gru,lstm");
    }
    check("nas_layers", depths, 4);
    check("nas_widths", widths, 4_096);
    if (mode == Embedding.NONE) {
      throw KasebException.ofSetting(
          "set", "constrained_embedding=false", "with an embedding, as in embedding=64");
    }
    double count = 0;
    for (int depth : depths) {
      count += cells.size() * Math.pow(widths.size(), depth) * Math.max(1, embeddings.size());
    }
    if (count > MOST) {
      throw KasebException.ofSetting(
          "nas_widths", widths, "of so few that at most 20,000 networks come of them");
    }
  }

  private static void check(String setting, List<Integer> numbers, int most) {
    if (numbers.isEmpty() || numbers.getFirst() < 1 || numbers.getLast() > most) {
      throw KasebException.ofSetting(setting, numbers, "of 1.." + most + ", as in 1,2");
    }
  }

  /// Returns the shapes around a configuration.
  ///
  /// @param cells null for GRU and LSTM
  /// @param depths null for one layer and two
  /// @param widths null for a quarter, half, three quarters and all of its widest layer
  public static Shapes around(
      TrainConfig config,
      @Nullable List<Cell> cells,
      @Nullable List<Integer> depths,
      @Nullable List<Integer> widths) {
    Architecture own = Architecture.of(config);
    int widest = own.layers().stream().mapToInt(n -> n).max().orElseThrow();
    return new Shapes(
        cells == null ? List.of(Cell.GRU, Cell.LSTM) : cells,
        depths == null ? List.of(1, 2) : depths,
        widths == null ? quarters(widest, 4) : widths,
        own.embedding(),
        own.embedding() == Embedding.SEPARATE ? quarters(own.embeddingSize(), 2) : List.of());
  }

  private static List<Integer> quarters(int widest, int parts) {
    List<Integer> some = new ArrayList<>();
    for (int part = 1; part <= parts; part++) {
      some.add(Math.max(1, Math.round((float) widest * part / parts)));
    }
    return some;
  }

  /// Returns every shape.
  public List<Architecture> all() {
    List<Architecture> all = new ArrayList<>();
    for (int depth : depths) {
      List<List<Integer>> stacks = List.of(List.of());
      for (int l = 0; l < depth; l++) {
        stacks = stacks.stream().flatMap(s -> widths.stream().map(w -> plus(s, w))).toList();
      }
      for (Cell cell : cells) {
        for (List<Integer> layers : stacks) {
          for (int embedding :
              mode == Embedding.CONSTRAINED ? List.of(layers.getLast()) : embeddings) {
            all.add(new Architecture(cell, mode, embedding, layers));
          }
        }
      }
    }
    return all;
  }

  private static List<Integer> plus(List<Integer> some, int one) {
    List<Integer> more = new ArrayList<>(some);
    more.add(one);
    return more;
  }

  /// Returns the widest and deepest shape of the first cell, which holds all others.
  public Architecture widest() {
    int width = widths.getLast();
    List<Integer> layers = Collections.nCopies(depths.getLast(), width);
    int embedding = mode == Embedding.CONSTRAINED ? width : embeddings.getLast();
    return new Architecture(cells.getFirst(), mode, embedding, layers);
  }

  /// Returns a shape of a random number, each as likely: first of its parts, so that all depths and
  /// all cells are trained as often.
  Architecture drawn(long key) {
    SplittableRandom random = new SplittableRandom(key);
    Cell cell = cells.get(random.nextInt(cells.size()));
    int depth = depths.get(random.nextInt(depths.size()));
    List<Integer> layers = new ArrayList<>();
    for (int l = 0; l < depth; l++) {
      layers.add(widths.get(random.nextInt(widths.size())));
    }
    int embedding =
        mode == Embedding.CONSTRAINED
            ? layers.getLast()
            : embeddings.get(random.nextInt(embeddings.size()));
    return new Architecture(cell, mode, embedding, layers);
  }

  /// Returns in how many choices two shapes differ.
  static int distance(Architecture a, Architecture b) {
    int differ = a.cell() == b.cell() ? 0 : 1;
    int shared = Math.min(a.layers().size(), b.layers().size());
    differ += Math.max(a.layers().size(), b.layers().size()) - shared;
    for (int l = 0; l < shared; l++) {
      differ += a.layers().get(l).equals(b.layers().get(l)) ? 0 : 1;
    }
    boolean own = a.embedding() == Embedding.SEPARATE;
    return differ + (own && a.embeddingSize() != b.embeddingSize() ? 1 : 0);
  }

  /// Returns a shape as the configuration's keys say it.
  static Map<String, String> keys(Architecture shape) {
    Map<String, String> keys = new TreeMap<>();
    keys.put("cell", KeyType.text(shape.cell()));
    keys.put("layers", text(shape.layers()));
    if (shape.embedding() == Embedding.SEPARATE) {
      keys.put("embedding", Integer.toString(shape.embeddingSize()));
    }
    return keys;
  }

  private static String text(List<Integer> layers) {
    return String.join(",", layers.stream().map(n -> Integer.toString(n)).toList());
  }

  /// Returns a shape in words, as in `gru 64,96`.
  public static String name(Architecture shape) {
    String name = KeyType.text(shape.cell()) + " " + text(shape.layers());
    return shape.embedding() == Embedding.SEPARATE
        ? name + " embedding " + shape.embeddingSize()
        : name;
  }
}
