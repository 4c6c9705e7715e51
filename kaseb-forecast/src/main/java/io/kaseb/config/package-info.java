/// What decides a training: the table of configuration keys, and the records that are read from it
/// and checked by it.
@NullMarked
package io.kaseb.config;

import org.jspecify.annotations.NullMarked;
