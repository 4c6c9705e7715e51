package io.kaseb.cli.option;

import io.kaseb.base.KasebException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that send a command to a cluster, for its help: where they are given, `spark-submit`
/// gets the command line before it is read any further.
public final class ClusterOptions {
  @Option(
      names = "--master",
      paramLabel = "MASTER",
      description =
          "Run on this Apache Spark cluster, as in spark://head:7077 or yarn, by the Spark under SPARK_HOME; the cluster's options are in docs/spark.md. Default: here.")
  private @Nullable String master;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description = "With --master, a setting of Spark's; may be repeated.")
  private List<String> settings = List.of();

  /// Fails where a command that runs here was given what only a cluster takes.
  public void refuseSettingsAlone() {
    if (master == null && !settings.isEmpty()) {
      throw new KasebException("--conf is for Spark; give --master as well, or leave it out");
    }
  }
}
