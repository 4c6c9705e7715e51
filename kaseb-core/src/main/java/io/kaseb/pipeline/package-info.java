/// One class for each use case: prepare, train, evaluate, forecast.
@NullMarked
package io.kaseb.pipeline;

import org.jspecify.annotations.NullMarked;
