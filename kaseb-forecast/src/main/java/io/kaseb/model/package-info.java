/// The networks' weights (immutable), [io.kaseb.model.SessionState] (small, mutable), the items
/// that a model knows, and the model file.
@NullMarked
package io.kaseb.model;

import org.jspecify.annotations.NullMarked;
