/// Click logs in, datasets out: formats, readers, session rules, splits.
@NullMarked
package io.kaseb.ingest;

import org.jspecify.annotations.NullMarked;
