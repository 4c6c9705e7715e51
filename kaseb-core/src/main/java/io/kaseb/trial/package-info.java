/// What a trial of a search keeps and is measured by: the form of its model, readings with their
/// noise, turns of being alone, weights that later trials begin with.
@NullMarked
package io.kaseb.trial;

import org.jspecify.annotations.NullMarked;
