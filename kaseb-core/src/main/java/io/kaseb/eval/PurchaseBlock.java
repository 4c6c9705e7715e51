package io.kaseb.eval;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The evaluations of one goal in one view, which stand together in a report: the model first,
/// baselines below.
///
/// @param rows at least one
/// @param isBoth whether the live view says the same and is left out
public record PurchaseBlock(List<PurchaseEvaluation> rows, boolean isBoth) {
  private static final Map<String, String> VIEWS =
      Map.of(
          "challenge", "whole sessions, as the RecSys Challenge 2015 scores them",
          "live", "what follows a session's first %s cut: what a shop can act on");

  /// Returns the blocks to show, in the order of the list: a view that says the same as an earlier
  /// one of its goal is left out.
  public static List<PurchaseBlock> of(List<PurchaseEvaluation> all) {
    List<PurchaseBlock> blocks = new ArrayList<>();
    Set<String> goals = new LinkedHashSet<>();
    all.forEach(e -> goals.add(e.goal()));
    for (String goal : goals) {
      List<PurchaseEvaluation> challenge = rows(all, goal, "challenge");
      List<PurchaseEvaluation> live = rows(all, goal, "live");
      boolean isBoth = !challenge.isEmpty() && !live.isEmpty() && same(challenge, live);
      if (!challenge.isEmpty()) {
        blocks.add(new PurchaseBlock(challenge, isBoth));
      }
      if (!live.isEmpty() && !isBoth) {
        blocks.add(new PurchaseBlock(live, false));
      }
    }
    return blocks;
  }

  private static List<PurchaseEvaluation> rows(
      List<PurchaseEvaluation> all, String goal, String view) {
    return all.stream().filter(e -> e.goal().equals(goal) && e.view().equals(view)).toList();
  }

  private static boolean same(List<PurchaseEvaluation> challenge, List<PurchaseEvaluation> live) {
    return live.stream()
        .allMatch(
            e ->
                challenge.stream()
                    .anyMatch(c -> c.name().equals(e.name()) && c.figures().equals(e.figures())));
  }

  /// Returns the model's own row.
  public PurchaseEvaluation first() {
    return rows.getFirst();
  }

  /// Returns whether the goal is the purchase.
  public boolean isPurchase() {
    return first().goal().equals(PurchaseEvaluation.PURCHASE);
  }

  /// Says what the block is of.
  public String describe() {
    String goal = isPurchase() ? "Purchase forecasts" : "Forecasts of " + first().goal();
    return String.format(
        Locale.ROOT,
        "%s, %s view (%s): %,d sessions, %,d %s",
        goal,
        first().view(),
        VIEWS.getOrDefault(first().view(), first().view()).formatted(first().goal()),
        first().sessions(),
        first().buyers(),
        isPurchase() ? "buyers" : "with it");
  }
}
