package io.kaseb.spark;

import io.kaseb.base.Build;
import io.kaseb.base.KasebException;
import io.kaseb.base.LockFile;
import io.kaseb.data.Manifest;
import io.kaseb.ingest.DatasetWriter;
import io.kaseb.logfile.Part;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.Prepare;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/// Makes a dataset of a click log on a cluster: row by row what `kaseb prepare` makes of it on one
/// machine. No machine ever has all events, nor all sessions or items.
public final class PrepareJob {
  /// What is to be prepared. Files and folders must be seen by all machines under the same name.
  ///
  /// @param log how the log is read
  /// @param input its files
  /// @param rules what decides how the log becomes a dataset
  /// @param out the dataset folder to write
  /// @param force whether a dataset that is there may be replaced
  /// @param chunkBytes bytes of text that a task reads, about
  public record Request(
      LogSpec log,
      LogInput input,
      Prepare.Rules rules,
      String out,
      boolean force,
      long chunkBytes) {}

  private final SparkSession spark;
  private final Request request;
  private final SharedFiles files;
  private final Prepare.Resolved rules;

  private PrepareJob(SparkSession spark, Request request) {
    this.spark = spark;
    this.request = request;
    files = SharedFiles.of(spark);
    rules = request.rules().resolved(request.input().source(request.log().read()));
  }

  /// Prepares a log.
  public static Manifest run(SparkSession spark, Request request) throws IOException {
    SparkSession own = spark.newSession();
    PrepareJob job = new PrepareJob(own, request);
    String target = SharedFiles.place(request.out());
    DatasetPlace place = new DatasetPlace(job.files, target, request.force());
    place.check();
    job.files.makeFolder(SharedFiles.parent(target));
    try (LockFile lock = place.lock()) {
      String staging = place.begin();
      try {
        Manifest manifest = job.into(staging);
        place.end();
        return manifest;
      } finally {
        job.files.delete(staging);
      }
    }
  }

  private Manifest into(String staging) throws IOException {
    String work = staging + "/work";
    files.makeFolder(work);
    try {
      ClusterLog log =
          ClusterLog.read(
              spark,
              request.log(),
              request.input(),
              request.rules().maxBadRows(),
              new ClusterLog.Cut(request.chunkBytes(), ClusterLog.Cut.DEFAULT.memory()),
              files,
              work);
      ClusterTables tables = new ClusterTables(spark, files, work);
      String map = request.input().itemMap();
      long unmapped = map == null ? 0 : ClusterItems.translate(spark, tables, map, files, work);
      boolean hasOthers = number(tables);
      long stray = stray(tables);
      ClusterRules sessions = new ClusterRules(tables, hasOthers);
      long duplicates = sessions.countDuplicates();
      if (rules.sessionGapSeconds() > 0) {
        sessions.cutAtGaps(rules.sessionGapSeconds());
      }
      Protocol protocol = rules.protocol();
      sessions.filter(protocol.filter());
      sessions.split(rules.split(), protocol.border(), rules.seed());
      if (protocol.dropUnseenTestItems()) {
        sessions.dropUnseenTestItems();
      }
      sessions.dropShortSessions(protocol.filter());
      long[] left =
          tables.numbers(
              "SELECT count(*) FILTER (WHERE part = 0), count(*) FILTER (WHERE part = 1) FROM events");
      rules.checkSomethingIsLeft(left[0], left[1]);
      ClusterAttributes attributes = new ClusterAttributes(tables, log.format());
      boolean hasItems = request.input().items() != null;
      ClusterDataset dataset =
          new ClusterDataset(
              spark, files, tables, hasOthers, hasItems, sessions.name(), attributes);
      List<Manifest.Source> data = dataset.write(staging);
      Manifest.Cleaning cleaning =
          new Manifest.Cleaning(log.bad().count(), log.bad().first(), duplicates, stray, unmapped);
      Manifest manifest = manifest(dataset, attributes, data, cleaning);
      files.write(staging + "/" + Manifest.FILE, manifest);
      return manifest;
    } finally {
      files.delete(work);
    }
  }

  /// Makes the tables `events`, `others` and `buys` of the log's rows; returns whether there are
  /// events that are no clicks.
  private boolean number(ClusterTables tables) throws IOException {
    tables.save(
        "events",
        """
        SELECT part, concat(part, '/0/', session) AS session, item, time, row, category, price
        FROM raw WHERE part < 2 AND kind = 'view'""");
    if (tables.count("events") == 0) {
      throw new KasebException(
          new KasebException.Problem(
              request.input().clicks().getFirst(),
              "holds no views of items, without which a cluster prepares no log",
              null,
              "kaseb prepare does, on one machine"));
    }
    boolean hasOthers =
        tables
                .numbers(
                    "SELECT count(*) FROM raw WHERE part < 2 AND kind NOT IN ('view', 'purchase')")[
                0]
            > 0;
    if (hasOthers) {
      tables.save(
          "others",
          """
          SELECT session, item, time, row, category, price, action FROM (
            SELECT concat(part, '/0/', session) AS session, item, time, row, category, price,
              kind AS action FROM raw WHERE part < 2 AND kind NOT IN ('view', 'purchase'))
          LEFT SEMI JOIN (SELECT DISTINCT session AS kept FROM events) ON session = kept""");
    }
    tables.save(
        "buys",
        """
        SELECT concat(origin, '/0/', id) AS session, logged, item_id, time, price, quantity, row FROM (
          SELECT r.session AS id, r.item AS item_id, r.time, r.price, r.quantity, r.row,
            r.part <> 2 AS logged,
            CASE WHEN r.part = 2 THEN s.first WHEN r.part = 0 AND s.first = 0 THEN 0
              WHEN r.part = 1 AND s.last = 1 THEN 1 END AS origin
          FROM raw r JOIN (SELECT %s AS id, min(part) AS first, max(part) AS last FROM events GROUP BY 1) s
            ON s.id = r.session
          WHERE r.kind = 'purchase')
        WHERE origin IS NOT NULL"""
            .formatted(ClusterRules.ID));
    return hasOthers;
  }

  private static long stray(ClusterTables tables) {
    long[] counts =
        tables.numbers(
            "SELECT (SELECT count(*) FROM raw WHERE kind = 'purchase'), (SELECT count(*) FROM buys)");
    return counts[0] - counts[1];
  }

  private Manifest manifest(
      ClusterDataset dataset,
      ClusterAttributes attributes,
      List<Manifest.Source> data,
      Manifest.Cleaning cleaning) {
    long[] items = dataset.items();
    return new Manifest(
        Manifest.FORMAT_VERSION,
        Build.version(),
        DatasetWriter.hash(data),
        rules.times(),
        rules.said(),
        sources(),
        dataset.part(Part.TRAIN),
        dataset.part(Part.TEST),
        Math.toIntExact(items[0]),
        Math.toIntExact(items[1]),
        cleaning,
        data,
        dataset.actions(),
        attributes.counts(),
        attributes.users());
  }

  private List<Manifest.Source> sources() {
    List<String> all = request.input().all().stream().map(SharedFiles::place).toList();
    SharedFiles there = files;
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(all, all.size())
        .map(file -> ClusterDataset.source(there, SharedFiles.parent(file), SharedFiles.name(file)))
        .collect()
        .stream()
        .map(found -> new Manifest.Source(found.name(), found.bytes(), found.sha256()))
        .toList();
  }
}
