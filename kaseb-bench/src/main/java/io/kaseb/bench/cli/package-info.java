/// `kaseb bench`: one class for each measurement, wiring only.
@NullMarked
package io.kaseb.bench.cli;

import org.jspecify.annotations.NullMarked;
