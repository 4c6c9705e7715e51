/// Experiments as they are looked at while they run: what has changed since a version, as compact
/// JSON in columns.
@NullMarked
package io.kaseb.watch;

import org.jspecify.annotations.NullMarked;
