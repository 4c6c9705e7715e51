/// The server: forecasts for each click, models that are swapped while it runs, what operators see.
@NullMarked
package io.kaseb.serve;

import org.jspecify.annotations.NullMarked;
