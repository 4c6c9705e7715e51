/// The one home of DuckDB: an in-process database for the length of a job.
@NullMarked
package io.kaseb.duckdb;

import org.jspecify.annotations.NullMarked;
