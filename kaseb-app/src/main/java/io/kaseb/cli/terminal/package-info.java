/// What a person at a terminal sees and does: tables, progress, Ctrl-C.
@NullMarked
package io.kaseb.cli.terminal;

import org.jspecify.annotations.NullMarked;
