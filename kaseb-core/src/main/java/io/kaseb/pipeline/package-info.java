/// One class for each use case: prepare, train, evaluate, compare, forecast.
///
/// Public API, with the options and figures that stand in its signatures: it stays compatible,
/// which the build checks (`api/kaseb-core.txt`).
@NullMarked
package io.kaseb.pipeline;

import org.jspecify.annotations.NullMarked;
