/// Tunes any Java function: search space, samplers, pruners, studies, trials and the contract of a
/// store. Needs the JDK alone and knows only an [io.kaseb.tune.Objective]; docs/tuning.md shows how
/// to use it.
@NullMarked
package io.kaseb.tune;

import org.jspecify.annotations.NullMarked;
