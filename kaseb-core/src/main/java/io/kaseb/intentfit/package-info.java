/// Trains the purchase forecast. Start at [io.kaseb.intentfit.IntentFit].
@NullMarked
package io.kaseb.intentfit;

import org.jspecify.annotations.NullMarked;
