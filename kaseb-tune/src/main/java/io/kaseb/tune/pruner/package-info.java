/// Pruners decide how much work a trial is worth.
///
/// Public API: it stays compatible, which the build checks (`api/kaseb-tune.txt`).
@NullMarked
package io.kaseb.tune.pruner;

import org.jspecify.annotations.NullMarked;
