/// Simple next-item models that every network must be seen beside.
@NullMarked
package io.kaseb.baseline;

import org.jspecify.annotations.NullMarked;
