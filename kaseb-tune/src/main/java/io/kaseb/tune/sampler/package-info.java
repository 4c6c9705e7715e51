/// Samplers suggest the parameters of the next trial.
@NullMarked
package io.kaseb.tune.sampler;

import org.jspecify.annotations.NullMarked;
