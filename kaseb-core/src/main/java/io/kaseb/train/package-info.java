/// Losses, negative sampling, backward passes, optimisers and the training loop.
@NullMarked
package io.kaseb.train;

import org.jspecify.annotations.NullMarked;
