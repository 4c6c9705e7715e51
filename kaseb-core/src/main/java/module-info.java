/// Prepare, train, evaluate and search. `io.kaseb.pipeline` and `io.kaseb.search` hold one class
/// for each use case; the other exported packages hold what stands in their signatures.
///
/// Open, because Jackson reads and writes records of most packages.
open module io.kaseb.core {
  requires static org.jspecify;
  requires transitive io.kaseb.forecast;
  requires transitive io.kaseb.tune;
  requires transitive java.sql;
  requires duckdb.jdbc;
  requires ml.dmlc.xgboost4j;
  requires org.apache.commons.compress;
  requires org.tukaani.xz;
  requires org.xerial.sqlitejdbc;
  requires tools.jackson.dataformat.yaml;
  // XGBoost's jar cannot say that it needs these two.
  requires com.fasterxml.jackson.databind;
  requires org.apache.commons.logging;

  exports io.kaseb.compress;
  exports io.kaseb.data;
  exports io.kaseb.duckdb;
  exports io.kaseb.eval;
  exports io.kaseb.logfile;
  exports io.kaseb.report;
  exports io.kaseb.ingest;
  exports io.kaseb.nas;
  exports io.kaseb.pipeline;
  exports io.kaseb.search;
  exports io.kaseb.simulate;
  exports io.kaseb.store;
  exports io.kaseb.train;
  exports io.kaseb.watch;
}
