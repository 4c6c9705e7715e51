/// The HTTP server: forecasts per click, session state, models that are swapped while it runs.
@NullMarked
package io.kaseb.serve;

import org.jspecify.annotations.NullMarked;
