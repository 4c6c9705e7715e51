/// The project's own measurements: training, forecasting, preparing, tuning.
@NullMarked
package io.kaseb.bench;

import org.jspecify.annotations.NullMarked;
