/// The server's own web pages, as they lie in the jar: the live shop, the model, operations.
@NullMarked
package io.kaseb.serve.pages;

import org.jspecify.annotations.NullMarked;
