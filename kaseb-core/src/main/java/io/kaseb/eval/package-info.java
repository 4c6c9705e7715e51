/// Ranking and purchase metrics with bootstrap intervals, and reports.
@NullMarked
package io.kaseb.eval;

import org.jspecify.annotations.NullMarked;
