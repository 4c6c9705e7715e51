/// Items that nobody clicked while a model was trained: their rows, made from attributes.
@NullMarked
package io.kaseb.newitem;

import org.jspecify.annotations.NullMarked;
