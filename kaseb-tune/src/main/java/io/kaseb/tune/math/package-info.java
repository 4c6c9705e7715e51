/// The mathematics that samplers and pruners share: the normal distribution, seeded random numbers,
/// minimising without gradients.
@NullMarked
package io.kaseb.tune.math;

import org.jspecify.annotations.NullMarked;
