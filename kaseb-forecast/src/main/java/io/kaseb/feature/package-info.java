/// Generated features of sessions: their names, and their values from what a session has shown.
@NullMarked
package io.kaseb.feature;

import org.jspecify.annotations.NullMarked;
