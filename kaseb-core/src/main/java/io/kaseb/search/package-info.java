/// Tuning of GRU4Rec on a dataset: a study of trainings, its confirmation and its report.
///
/// Public API, with the options and figures that stand in its signatures: it stays compatible,
/// which the build checks (`api/kaseb-core.txt`).
@NullMarked
package io.kaseb.search;

import org.jspecify.annotations.NullMarked;
