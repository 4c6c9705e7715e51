/// Trials, their results, and what a study knows of them at one moment.
///
/// Public API: it stays compatible, which the build checks (`api/kaseb-tune.txt`).
@NullMarked
package io.kaseb.tune.trial;

import org.jspecify.annotations.NullMarked;
