/// Trials, their results, and what a study knows of them at one moment.
@NullMarked
package io.kaseb.tune.trial;

import org.jspecify.annotations.NullMarked;
