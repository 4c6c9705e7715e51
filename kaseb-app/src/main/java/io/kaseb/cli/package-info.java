/// The kaseb command: one class for each sub-command, wiring only.
@NullMarked
package io.kaseb.cli;

import org.jspecify.annotations.NullMarked;
