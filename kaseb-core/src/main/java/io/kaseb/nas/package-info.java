/// Architecture search with shared weights: one network that holds all others is trained once, and
/// tells which of them are worth training by themselves.
@NullMarked
package io.kaseb.nas;

import org.jspecify.annotations.NullMarked;
