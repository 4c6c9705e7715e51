/// Search spaces: parameters, the values that they may take, and the coordinates that samplers see.
@NullMarked
package io.kaseb.tune.space;

import org.jspecify.annotations.NullMarked;
