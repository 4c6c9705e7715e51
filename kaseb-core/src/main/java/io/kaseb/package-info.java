/// Kaseb: next-item and purchase forecasts from click sessions. Start reading at `pipeline`: one
/// class for each use case.
@NullMarked
package io.kaseb;

import org.jspecify.annotations.NullMarked;
