/// Samplers suggest the parameters of the next trial.
///
/// Public API: it stays compatible, which the build checks (`api/kaseb-tune.txt`).
@NullMarked
package io.kaseb.tune.sampler;

import org.jspecify.annotations.NullMarked;
