/// Smaller forms of a trained model: item tables as products of two, fewer items, and how tables
/// are stored.
@NullMarked
package io.kaseb.compress;

import org.jspecify.annotations.NullMarked;
