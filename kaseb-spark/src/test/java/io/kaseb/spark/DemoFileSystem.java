package io.kaseb.spark;

import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.SparkSession;

/// A file system of Hadoop's that is no path of the machine: the machine's own under the names
/// `demo://host/path`, which nothing but Hadoop can open.
public final class DemoFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("demo://host/");

  /// Creates it, as Hadoop does.
  public DemoFileSystem() {
    setConf(new Configuration(false));
  }

  /// Makes it known; returns the name of a file there.
  static String name(SparkSession spark, java.nio.file.Path file) {
    spark.sparkContext().hadoopConfiguration().set("fs.demo.impl", DemoFileSystem.class.getName());
    return "demo://host" + file.toAbsolutePath();
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return ROOT.getScheme();
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(ROOT);
  }

  @Override
  public Path getHomeDirectory() {
    return new Path(ROOT);
  }
}
