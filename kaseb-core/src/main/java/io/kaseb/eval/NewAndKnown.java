package io.kaseb.eval;

/// The predictions of items that came after a model's training, and of those that it learned,
/// apart; all items are ranked for both.
///
/// @param fresh predictions of items without a click in train
/// @param known predictions of all others
public record NewAndKnown(Evaluation fresh, Evaluation known) {}
