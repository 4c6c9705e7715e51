/// Click logs in, datasets out: reading, cleaning, session rules, splits.
@NullMarked
package io.kaseb.ingest;

import org.jspecify.annotations.NullMarked;
