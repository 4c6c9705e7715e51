/// Pruners decide how much work a trial is worth.
@NullMarked
package io.kaseb.tune.pruner;

import org.jspecify.annotations.NullMarked;
