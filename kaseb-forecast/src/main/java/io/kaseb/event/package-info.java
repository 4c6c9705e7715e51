/// What a shopper does: actions, attributes, and events as a program gives them.
@NullMarked
package io.kaseb.event;

import org.jspecify.annotations.NullMarked;
