/// What was measured, for people: as a web page and as text.
@NullMarked
package io.kaseb.report;

import org.jspecify.annotations.NullMarked;
