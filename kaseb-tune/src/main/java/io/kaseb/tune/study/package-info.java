/// Studies: run an objective's trials side by side and keep them in a store. Start at
/// [io.kaseb.tune.study.Study]; docs/tuning.md shows how to use it. Needs the JDK alone.
///
/// Public API: it stays compatible, which the build checks (`api/kaseb-tune.txt`).
@NullMarked
package io.kaseb.tune.study;

import org.jspecify.annotations.NullMarked;
