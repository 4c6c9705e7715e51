/// Click logs in, datasets out: readers, session rules, splits, the simulator,
/// [io.kaseb.data.Dataset].
@NullMarked
package io.kaseb.data;

import org.jspecify.annotations.NullMarked;
