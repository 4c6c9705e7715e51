/// The networks' weights (immutable), [io.kaseb.model.SessionState] (small, mutable) and the model
/// file.
@NullMarked
package io.kaseb.model;

import org.jspecify.annotations.NullMarked;
