/// An HTTP client that loads a server at a fixed rate, and what it measures.
@NullMarked
package io.kaseb.bench.load;

import org.jspecify.annotations.NullMarked;
