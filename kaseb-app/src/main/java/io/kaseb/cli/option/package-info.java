/// Options that several commands share, and how their texts are read.
@NullMarked
package io.kaseb.cli.option;

import org.jspecify.annotations.NullMarked;
