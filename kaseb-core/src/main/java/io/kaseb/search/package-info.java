/// Tuning of GRU4Rec on a dataset: a study of trainings, its confirmation and its report.
@NullMarked
package io.kaseb.search;

import org.jspecify.annotations.NullMarked;
