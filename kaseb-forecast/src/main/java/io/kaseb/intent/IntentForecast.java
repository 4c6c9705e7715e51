package io.kaseb.intent;

/// What is forecast of a session after some clicks.
///
/// @param buys probability that it buys
/// @param items that each clicked item is bought, if the session buys at all; in order of first
///   clicks. Times `buys` it is the plain probability
/// @param set the items to answer: the set of highest expected Jaccard overlap
public record IntentForecast(double buys, double[] items, BestSet set) {}
