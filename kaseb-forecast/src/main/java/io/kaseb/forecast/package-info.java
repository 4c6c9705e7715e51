/// One face for any model file: [io.kaseb.forecast.Forecaster].
///
/// Public API: it stays compatible, which the build checks (`api/kaseb-forecast.txt`).
@NullMarked
package io.kaseb.forecast;

import org.jspecify.annotations.NullMarked;
