/// Search spaces: parameters, the values that they may take, and the coordinates that samplers see.
///
/// Public API: it stays compatible, which the build checks (`api/kaseb-tune.txt`).
@NullMarked
package io.kaseb.tune.space;

import org.jspecify.annotations.NullMarked;
