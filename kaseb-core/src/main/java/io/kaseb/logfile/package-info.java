/// Log files as they come: formats, compression, columns, forms of time and id, rows that cannot be
/// read.
@NullMarked
package io.kaseb.logfile;

import org.jspecify.annotations.NullMarked;
