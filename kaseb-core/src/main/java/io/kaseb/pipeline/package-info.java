/// One class for each use case: prepare, train, evaluate, compare, forecast.
@NullMarked
package io.kaseb.pipeline;

import org.jspecify.annotations.NullMarked;
