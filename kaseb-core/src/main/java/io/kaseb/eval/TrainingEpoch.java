package io.kaseb.eval;

/// One row of the training table as reports show it; NaN where nothing was measured.
///
/// @param epoch from 1
/// @param trainLoss mean loss on the training sessions
/// @param validLoss mean loss on the sessions held back
/// @param ratio validation loss over train loss
/// @param recall20 recall@20 on the sessions held back
/// @param mrr20 mrr@20 on the sessions held back
/// @param seconds time the epoch took
/// @param eventsPerSecond training speed
public record TrainingEpoch(
    int epoch,
    double trainLoss,
    double validLoss,
    double ratio,
    double recall20,
    double mrr20,
    double seconds,
    double eventsPerSecond) {}
