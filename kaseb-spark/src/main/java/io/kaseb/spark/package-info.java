/// Kaseb on an Apache Spark cluster: logs are read in chunks, a chunk a task, by the same code as
/// on one machine; what follows is Spark's SQL.
@org.jspecify.annotations.NullMarked
package io.kaseb.spark;
