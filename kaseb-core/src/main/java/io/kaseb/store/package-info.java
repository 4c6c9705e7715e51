/// Keeps studies in SQLite and reads and writes NNI's and GRU4Rec's file formats.
@NullMarked
package io.kaseb.store;

import org.jspecify.annotations.NullMarked;
