package io.kaseb.spark;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/// The tables of a job: views whose rows lie as Parquet files in a folder that all machines see, so
/// that no machine that is lost takes rows with it.
final class ClusterTables {
  private final SparkSession spark;
  private final SharedFiles files;
  private final String folder;
  private final Map<String, String> places = new HashMap<>();
  private int made;

  /// Creates no tables yet.
  ///
  /// @param folder place of an existing folder of the job's own
  ClusterTables(SparkSession spark, SharedFiles files, String folder) {
    this.spark = spark;
    this.files = files;
    this.folder = folder;
  }

  /// Returns the result of a query.
  Dataset<Row> query(String sql) {
    return spark.sql(sql);
  }

  /// Returns the first row of a query as numbers; 0 for NULL.
  long[] numbers(String sql) {
    Row row = spark.sql(sql).first();
    long[] numbers = new long[row.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = row.isNullAt(i) ? 0 : ((Number) row.get(i)).longValue();
    }
    return numbers;
  }

  /// Returns how many rows a table has.
  long count(String name) {
    return numbers("SELECT count(*) FROM " + name)[0];
  }

  /// Makes a table, or makes it anew; the query may read the one before.
  void save(String name, String sql) throws IOException {
    save(name, spark.sql(sql));
  }

  private void save(String name, Dataset<Row> rows) throws IOException {
    String place = folder + "/" + name + "-" + made++;
    String path = SharedFiles.uri(place);
    rows.write().option("compression", "zstd").parquet(path);
    Dataset<Row> written = spark.read().schema(rows.schema()).parquet(path);
    written.createOrReplaceTempView(name);
    String before = places.put(name, place);
    if (before != null) {
      files.delete(before);
    }
  }

  /// Makes a table of a query's rows in their order, with their numbers from 0 in one more column.
  /// The rows are sorted in ranges, each of which begins at the sum of those before it.
  void saveNumbered(String name, String sql, String column) throws IOException {
    save(name, numbered(sql, column));
  }

  private Dataset<Row> numbered(String sql, String column) {
    Dataset<Row> ordered = spark.sql(sql);
    StructType schema = ordered.schema().add(column, DataTypes.LongType, false);
    JavaRDD<Row> rows =
        ordered
            .toJavaRDD()
            .zipWithIndex()
            .map(
                pair -> {
                  Object[] values = new Object[pair._1().size() + 1];
                  for (int i = 0; i < values.length - 1; i++) {
                    values[i] = pair._1().get(i);
                  }
                  values[values.length - 1] = pair._2();
                  return RowFactory.create(values);
                });
    return spark.createDataFrame(rows, schema);
  }
}
