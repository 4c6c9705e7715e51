/// The simulated shop and its truth: [io.kaseb.simulate.Simulator].
@NullMarked
package io.kaseb.simulate;

import org.jspecify.annotations.NullMarked;
