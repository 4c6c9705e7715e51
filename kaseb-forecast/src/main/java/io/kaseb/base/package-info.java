/// What everything stands on: errors, JSON, atomic files, progress, checksums.
@NullMarked
package io.kaseb.base;

import org.jspecify.annotations.NullMarked;
