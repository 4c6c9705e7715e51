package io.kaseb.spark;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.spark.sql.SparkSession;

/// The one Spark session of all tests of this JVM: it is slow to start.
final class LocalSpark {
  private static SparkSession session;

  private LocalSpark() {}

  static synchronized SparkSession session() throws IOException {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("kaseb-test")
              .config("spark.ui.enabled", "false")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", "2")
              // The tables are small: compiling the queries would take longer than running them.
              .config("spark.sql.codegen.wholeStage", "false")
              .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
              .config("spark.sql.session.timeZone", "America/New_York")
              .config(
                  "spark.local.dir", Files.createTempDirectory("kaseb-spark").toAbsolutePath() + "")
              .getOrCreate();
      session.sparkContext().setLogLevel("ERROR");
    }
    return session;
  }

  /// Ends it: a JVM has one session of Spark's at a time.
  static synchronized void end() {
    if (session != null) {
      session.stop();
      session = null;
    }
  }
}
