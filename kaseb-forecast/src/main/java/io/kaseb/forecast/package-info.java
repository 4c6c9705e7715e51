/// One face for any model file: [io.kaseb.forecast.Forecaster].
@NullMarked
package io.kaseb.forecast;

import org.jspecify.annotations.NullMarked;
