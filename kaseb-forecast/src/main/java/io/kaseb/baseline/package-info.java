/// Simple next-item models that every network must be seen beside, and what combines them with
/// networks.
@NullMarked
package io.kaseb.baseline;

import org.jspecify.annotations.NullMarked;
