/// Trains next-item models: configuration, negative sampling, epochs, checkpoints.
@NullMarked
package io.kaseb.train;

import org.jspecify.annotations.NullMarked;
