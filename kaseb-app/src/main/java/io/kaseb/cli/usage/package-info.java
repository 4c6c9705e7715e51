/// How commands are used: their help, what is said of mistakes in their use, which command comes
/// next.
@NullMarked
package io.kaseb.cli.usage;

import org.jspecify.annotations.NullMarked;
