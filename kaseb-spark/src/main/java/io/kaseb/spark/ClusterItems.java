package io.kaseb.spark;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.ingest.DatasetWriter;
import io.kaseb.logfile.BadRows;
import io.kaseb.logfile.ItemFile;
import io.kaseb.logfile.ItemMap;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.Part;
import io.kaseb.logfile.RawLog;
import io.kaseb.logfile.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/// What a log's own files say of items: a table of their attributes, a map of their ids.
final class ClusterItems {
  private ClusterItems() {}

  /// Returns which of the attributes a log may lack, since an item table has them.
  ///
  /// @param items place of the item table
  /// @param id its column of item ids; null for its own
  static List<String> inTable(
      SharedFiles files, String items, @Nullable String id, List<LogAttribute> all)
      throws IOException {
    String place = SharedFiles.place(items);
    files.checkFile(place);
    Path own = Files.createTempDirectory("kaseb-items");
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.of(1))) {
      RawLog raw = new RawLog(database, new BadRows(), own.resolve("copies"));
      Path table = files.local(place, own.resolve("table"));
      SourceFile file = raw.plain(SourceFile.open(table, "", own.resolve("unpacked")));
      List<LogAttribute> others = ItemFile.of(file, database, id).others(all);
      List<String> names = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).isNeeded() && !others.get(i).isNeeded()) {
          names.add(all.get(i).attribute().name());
        }
      }
      return names;
    } finally {
      DatasetWriter.delete(own);
    }
  }

  /// Gives the items of click files the ids of a map, in the table `raw`; returns how many items
  /// the map lacks.
  ///
  /// @param files where the map is
  /// @param work place of an existing folder that all machines see
  static long translate(
      SparkSession spark, ClusterTables tables, String map, SharedFiles files, String work)
      throws IOException {
    String target = work + "/item-map.parquet";
    files.checkFile(SharedFiles.place(map));
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(map), 1)
        .map(file -> copyMap(files, file, target))
        .collect();
    spark.read().parquet(SharedFiles.uri(target)).createOrReplaceTempView("item_map");
    List<Row> twice = tables.query(ItemMap.SECOND_NAMES).collectAsList();
    if (!twice.isEmpty()) {
      List<String> row = new ArrayList<>();
      for (int i = 0; i < twice.getFirst().size(); i++) {
        row.add(String.valueOf(twice.getFirst().get(i)));
      }
      throw ItemMap.secondName(map, row);
    }
    int clicks = Part.BUYS.number();
    long unmapped =
        tables
            .numbers(
                """
                SELECT count(DISTINCT item) FROM raw LEFT ANTI JOIN item_map ON item = index
                WHERE part < %d AND item IS NOT NULL"""
                    .formatted(clicks))[0];
    tables.save(
        "raw",
        """
        SELECT r.* EXCEPT (item), CASE WHEN r.part >= %1$d OR r.item IS NULL THEN r.item
            ELSE coalesce(m.id, concat('%2$s', r.item)) END AS item
        FROM raw r LEFT JOIN (SELECT DISTINCT index, id FROM item_map) m
          ON r.part < %1$d AND m.index = r.item"""
            .formatted(clicks, ItemMap.UNMAPPED));
    return unmapped;
  }

  private static boolean copyMap(SharedFiles files, String file, String target) throws IOException {
    Path own = Files.createTempDirectory("kaseb-item-map");
    try (DuckDatabase database =
        DuckDatabase.open(own.resolve("tables"), new Resources("1GB", 1), Progress.NONE)) {
      Path copy = files.local(SharedFiles.place(file), own.resolve("map"));
      SourceFile map = SourceFile.open(copy, "item-map.tsv", own.resolve("unpacked"));
      Path rows = own.resolve("rows.parquet");
      database.run(
          "mapping items",
          "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)"
              .formatted(ItemMap.rows(map), DuckDatabase.text(rows)));
      files.put(rows, target);
      return true;
    } finally {
      DatasetWriter.delete(own);
    }
  }
}
