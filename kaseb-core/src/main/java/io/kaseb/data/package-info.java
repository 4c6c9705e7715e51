/// Prepared datasets, and how they are read: [io.kaseb.data.Dataset].
@NullMarked
package io.kaseb.data;

import org.jspecify.annotations.NullMarked;
