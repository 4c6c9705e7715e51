/// Float maths: one scalar reference and one Vector API implementation of each kernel.
@NullMarked
package io.kaseb.kernel;

import org.jspecify.annotations.NullMarked;
