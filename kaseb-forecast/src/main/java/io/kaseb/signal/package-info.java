/// What events tell beyond clicks, as numbers that models read: actions, attributes, visitors.
@NullMarked
package io.kaseb.signal;

import org.jspecify.annotations.NullMarked;
