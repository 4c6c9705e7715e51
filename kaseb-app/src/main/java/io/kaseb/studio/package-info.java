/// Web pages that show experiments and steer them.
@NullMarked
package io.kaseb.studio;

import org.jspecify.annotations.NullMarked;
