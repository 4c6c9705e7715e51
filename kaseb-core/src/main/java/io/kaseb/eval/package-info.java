/// Ranking and purchase metrics with bootstrap intervals, and comparisons.
@NullMarked
package io.kaseb.eval;

import org.jspecify.annotations.NullMarked;
