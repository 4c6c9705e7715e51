package io.kaseb.model;

import io.kaseb.base.Json;
import io.kaseb.base.JsonFault;
import io.kaseb.base.KasebException;
import java.io.IOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// A trained model as one safetensors file: weights, item ids, configuration, provenance and
/// metrics. It holds no time of day, so that equal runs give equal bytes.
///
/// @param kind what it is, as in `gru4rec`
/// @param architecture the network's shape, or null where there is no network
/// @param catalogue the items it knows
/// @param tensors weights; a network's as [Architecture] names them
/// @param ints whole numbers by name; a network has none
/// @param tables how the item tables are stored
/// @param config the resolved configuration that trained it
/// @param provenance dataset hash, seed, version, commit, JDK, vector width
/// @param metrics what it reached while training
/// @param intent the purchase forecast's description, or null without one; its tensors are among
///   `tensors`, with names that begin with `intent.`
/// @param attributes the description of what attributes give items without clicks, or null without
///   it; its tensors have names that begin with `attributes.`
public record ModelFile(
    String kind,
    @Nullable Architecture architecture,
    Catalogue catalogue,
    Map<String, Tensor> tensors,
    Map<String, int[]> ints,
    Tables tables,
    ModelConfig config,
    Provenance provenance,
    TrainingMetrics metrics,
    @Nullable JsonNode intent,
    @Nullable JsonNode attributes) {
  /// The newest version of this file format; files of any version up to it are read. Version 2 has
  /// a purchase forecast, version 3 is of another kind than `gru4rec` or has tables of bytes,
  /// version 4 has tables stored as products; what needs none of that is written as version 1.
  public static final int FORMAT_VERSION = 4;

  /// The kind that is a single network.
  public static final String GRU4REC = "gru4rec";

  private static final String ITEMS = "items";

  /// What the names of the tables begin with that attributes' rows are in.
  private static final String ATTRIBUTES = "attributes.";

  /// No number of a model is larger: sums of products of two stay finite.
  private static final float LARGEST = 1e18f;

  /// Creates a model without purchase forecast.
  public ModelFile(
      String kind,
      Architecture architecture,
      Catalogue catalogue,
      Map<String, Tensor> tensors,
      ModelConfig config,
      Provenance provenance,
      TrainingMetrics metrics) {
    this(kind, architecture, catalogue, tensors, config, provenance, metrics, null);
  }

  /// How item tables are stored.
  public enum Tables {
    /// Floats of 32 bits.
    FLOAT32,
    /// Floats of 16 bits, half of their size ([Float16Table]).
    FLOAT16,
    /// Bytes, a quarter of their size ([Int8Table]).
    INT8
  }

  /// Creates a model whose tables are stored as bytes or as floats of 32 bits.
  public ModelFile(
      String kind,
      @Nullable Architecture architecture,
      Catalogue catalogue,
      Map<String, Tensor> tensors,
      Map<String, int[]> ints,
      boolean int8,
      ModelConfig config,
      Provenance provenance,
      TrainingMetrics metrics,
      @Nullable JsonNode intent,
      @Nullable JsonNode attributes) {
    this(
        kind,
        architecture,
        catalogue,
        tensors,
        ints,
        int8 ? Tables.INT8 : Tables.FLOAT32,
        config,
        provenance,
        metrics,
        intent,
        attributes);
  }

  /// Returns whether the item tables are stored as bytes.
  public boolean int8() {
    return tables == Tables.INT8;
  }

  /// Creates a single network's model, its tables as floats.
  public ModelFile(
      String kind,
      @Nullable Architecture architecture,
      Catalogue catalogue,
      Map<String, Tensor> tensors,
      ModelConfig config,
      Provenance provenance,
      TrainingMetrics metrics,
      @Nullable JsonNode intent) {
    this(
        kind,
        architecture,
        catalogue,
        tensors,
        Map.of(),
        false,
        config,
        provenance,
        metrics,
        intent,
        null);
  }

  /// Returns the same model with other items and tensors.
  public ModelFile with(Catalogue items, Map<String, Tensor> weights) {
    return new ModelFile(
        kind,
        architecture,
        items,
        weights,
        ints,
        tables,
        config,
        provenance,
        metrics,
        intent,
        attributes);
  }

  /// Returns the same model with some of its whole numbers replaced.
  public ModelFile with(Map<String, int[]> changed) {
    Map<String, int[]> all = new HashMap<>(ints);
    all.putAll(changed);
    return new ModelFile(
        kind,
        architecture,
        catalogue,
        tensors,
        all,
        tables,
        config,
        provenance,
        metrics,
        intent,
        attributes);
  }

  /// Returns the same model with another shape of its network, whose tensors are these.
  public ModelFile with(Architecture shape, Map<String, Tensor> weights) {
    return new ModelFile(
        kind,
        shape,
        catalogue,
        weights,
        ints,
        tables,
        config,
        provenance,
        metrics,
        intent,
        attributes);
  }

  /// Returns the same model with item tables that are stored as products multiplied out: as large
  /// as before they were, and with the same scores but for rounding.
  public ModelFile expanded() {
    if (architecture == null || architecture.rank() == 0) {
      return this;
    }
    Map<String, Tensor> whole = new LinkedHashMap<>(tensors);
    tensors.forEach(
        (name, base) -> {
          if (name.endsWith(".base")) {
            String table = name.replaceFirst("base$", "weight");
            whole.remove(name);
            for (String each : List.of(table, ATTRIBUTES + table)) {
              whole.computeIfPresent(each, (n, rows) -> rows.times(base));
            }
          }
        });
    return with(architecture.withRank(0), whole);
  }

  /// Returns the table that item scores are made from, [items x units of the last layer],
  /// multiplied out where it is stored as a product; empty without a network.
  public float[] outputTable() {
    Tensor rows = tensors.get("Wy.weight");
    Tensor base = tensors.get(Architecture.base("Wy.weight"));
    return rows == null ? new float[0] : (base == null ? rows : rows.times(base)).data();
  }

  /// Returns the same model with the description of what attributes give items.
  public ModelFile withAttributes(JsonNode description) {
    return new ModelFile(
        kind,
        architecture,
        catalogue,
        tensors,
        ints,
        tables,
        config,
        provenance,
        metrics,
        intent,
        description);
  }

  /// Returns the same model with another description of its purchase forecast.
  public ModelFile withIntent(JsonNode description) {
    return new ModelFile(
        kind,
        architecture,
        catalogue,
        tensors,
        ints,
        tables,
        config,
        provenance,
        metrics,
        description,
        attributes);
  }

  /// Returns the same model, its item tables to be written in a form.
  public ModelFile as(Tables form) {
    return switch (form) {
      case FLOAT32 -> stored(tensors, form);
      case FLOAT16 -> stored(Float16Table.rounded(tensors, catalogue.size()), form);
      case INT8 -> stored(Int8Table.rounded(tensors, catalogue.size()), form);
    };
  }

  private ModelFile stored(Map<String, Tensor> rounded, Tables form) {
    return new ModelFile(
        kind,
        architecture,
        catalogue,
        rounded,
        ints,
        form,
        config,
        provenance,
        metrics,
        intent,
        attributes);
  }

  private int version() {
    if (architecture != null && architecture.rank() > 0) {
      return FORMAT_VERSION;
    }
    if (!kind.equals(GRU4REC)
        || tables != Tables.FLOAT32
        || !ints.isEmpty()
        || attributes != null) {
      return 3;
    }
    return intent == null ? 1 : 2;
  }

  /// Writes the file, atomically.
  public void write(Path file) throws IOException {
    content().write(file);
  }

  /// Returns the bytes that the file has when it is written.
  public long size() {
    return content().size();
  }

  private Safetensors content() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "kaseb-model");
    metadata.put("format_version", Integer.toString(version()));
    metadata.put("kind", kind);
    if (architecture != null) {
      metadata.put("architecture", architecture.json().toString());
    }
    metadata.put("config", config.json().toString());
    metadata.put("provenance", provenance.json().toString());
    metadata.put("metrics", metrics.json().toString());
    if (intent != null) {
      metadata.put("intent", intent.toString());
    }
    if (attributes != null) {
      metadata.put("attributes", attributes.toString());
    }
    byte[] ids =
        Json.MAPPER
            .<JsonNode>valueToTree(catalogue.ids())
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    Map<String, Tensor> floats = new LinkedHashMap<>(tensors);
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    bytes.put(ITEMS, ids);
    switch (tables) {
      case FLOAT32 -> {}
      case FLOAT16 -> Float16Table.pack(floats, bytes, catalogue.size());
      case INT8 -> Int8Table.pack(floats, bytes, catalogue.size());
    }
    return new Safetensors(metadata, floats, ints, bytes);
  }

  /// Reads and checks a file.
  ///
  /// @throws KasebException where it is broken, newer than this Kaseb, or no model
  public static ModelFile read(Path file) throws IOException {
    Map<String, String> metadata = Safetensors.readMetadata(file);
    whole(
        file,
        () -> {
          checkVersion(file, metadata);
          return metadata;
        });
    Safetensors content = Safetensors.read(file);
    return whole(file, () -> of(file, content));
  }

  /// Makes something of a file's content. Its checksum says that nothing changed since it was
  /// written, not that who wrote it meant well: whatever does not fit together is an error that
  /// names the file.
  ///
  /// @throws KasebException where `make` fails
  public static <T> T whole(Path file, Supplier<T> make) {
    try {
      return make.get();
    } catch (KasebException e) {
      KasebException.Problem problem = e.problem();
      String place = problem == null ? null : problem.place();
      boolean isNamed = place != null && place.startsWith(file.toString());
      throw isNamed ? e : KasebException.at(file.toString(), e);
    } catch (RuntimeException e) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "is damaged: its parts do not fit together" + said(e),
              null,
              "make or copy it again"),
          e);
    }
  }

  /// What breaks off elsewhere speaks of the program, not of the file.
  private static String said(RuntimeException e) {
    String said =
        e instanceof JacksonException json
            ? JsonFault.of(json)
            : e instanceof IllegalArgumentException && !(e instanceof NumberFormatException)
                ? e.getMessage()
                : null;
    return said == null ? "" : " (" + said + ")";
  }

  private static ModelFile of(Path file, Safetensors content) {
    Map<String, String> metadata = content.metadata();
    byte[] ids = content.bytes().get(ITEMS);
    if (ids == null) {
      throw new KasebException(
          new KasebException.Problem(file.toString(), "has no item ids", null, null));
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>(content.tensors());
    boolean int8 = Int8Table.unpack(tensors, content.bytes());
    List<String> names = Json.MAPPER.readValue(ids, new TypeReference<List<String>>() {});
    checkTexts(names);
    boolean float16 = Float16Table.unpack(tensors, content.bytes(), names.size());
    tensors.forEach(ModelFile::checkNumbers);
    String architecture = metadata.get("architecture");
    return new ModelFile(
        metadata.getOrDefault("kind", ""),
        architecture == null ? null : Architecture.of(Json.MAPPER.readTree(architecture)),
        Catalogue.of(names),
        tensors,
        content.ints(),
        int8 ? Tables.INT8 : float16 ? Tables.FLOAT16 : Tables.FLOAT32,
        ModelConfig.of(file.toString(), json(metadata, "config")),
        Provenance.of(json(metadata, "provenance")),
        TrainingMetrics.of(json(metadata, "metrics")),
        metadata.containsKey("intent") ? json(metadata, "intent") : null,
        metadata.containsKey("attributes") ? json(metadata, "attributes") : null);
  }

  /// Half of a character, as JSON can write it, could be written to no file again.
  private static void checkTexts(List<String> ids) {
    CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    for (int i = 0; i < ids.size(); i++) {
      if (ids.get(i) == null || !encoder.canEncode(ids.get(i))) {
        throw new IllegalArgumentException("the id of item " + i + " is no text");
      }
    }
  }

  private static void checkNumbers(String name, Tensor tensor) {
    for (float x : tensor.data()) {
      if (!(Math.abs(x) <= LARGEST)) {
        throw new IllegalArgumentException("tensor " + name + " holds " + x);
      }
    }
  }

  private static JsonNode json(Map<String, String> metadata, String key) {
    return Json.MAPPER.readTree(metadata.getOrDefault(key, "{}"));
  }

  private static void checkVersion(Path file, Map<String, String> metadata) {
    if (!"kaseb-model".equals(metadata.get("format"))) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(), "a safetensors file, but no model of Kaseb's", null, null));
    }
    int version = Integer.parseInt(metadata.getOrDefault("format_version", "0"));
    if (version > FORMAT_VERSION) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "model format version %d; this Kaseb reads versions up to %d"
                  .formatted(version, FORMAT_VERSION),
              null,
              "use a newer Kaseb"));
    }
  }

  /// Returns the network, ready to score: the whole of a `gru4rec`, the part of a hybrid, the first
  /// of an ensemble.
  ///
  /// @throws KasebException where the model has no network
  public Gru4Rec model() {
    return Gru4Rec.of(shape(), catalogue, tensors);
  }

  /// Returns the network's shape.
  ///
  /// @throws KasebException where the model has no network
  public Architecture shape() {
    if (architecture == null) {
      throw new KasebException(
          new KasebException.Problem(
              null, "a " + kind + " model has no network", null, "give one of kind " + GRU4REC));
    }
    return architecture;
  }
}
