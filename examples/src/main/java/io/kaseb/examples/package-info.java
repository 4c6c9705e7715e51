/// Small programs to copy from.
@NullMarked
package io.kaseb.examples;

import org.jspecify.annotations.NullMarked;
