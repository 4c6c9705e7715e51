package io.kaseb.intentfit;

import io.kaseb.base.NativePart;
import io.kaseb.config.IntentConfig;
import io.kaseb.intent.Calibration;
import io.kaseb.intent.TreeEnsemble;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/// Trains boosted trees by XGBoost (Chen and Guestrin 2016), the one place that loads it.
final class TreeTraining {
  private static final String LIBRARY = "XGBoost";
  private static final int PATIENCE = 25;
  private static final int RANK_TREES = 100;

  /// Least weight of a leaf.
  static final int LEAF = 5;

  private TreeTraining() {}

  /// Trains trees on rows; stops where the log loss on other rows has not improved for 25 trees,
  /// and keeps the best number of them.
  ///
  /// @param valid rows for stopping; empty for all trees
  /// @param leaf least weight of a leaf, the sum of p (1 - p) over its rows: at 1 a few dozen rows
  ///   of a rare sign can stand alone, at [#LEAF] they cannot
  static TreeEnsemble train(
      FeatureRows rows, FeatureRows valid, IntentConfig config, int leaf, int threads, long seed) {
    if (!rows.hasBoth()) {
      return TreeEnsemble.parse((float) Calibration.logit(rows.rate()), rows.width, new String[0]);
    }
    try {
      return NativePart.of(LIBRARY, () -> boost(rows, valid, config, leaf, threads, seed));
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost failed: " + e.getMessage(), e);
    }
  }

  /// Returns the gain of each feature, summed over the splits of trees that are trained on rows.
  static double[] gains(FeatureRows rows, IntentConfig config, int threads, long seed) {
    double[] gains = new double[rows.width];
    if (!rows.hasBoth()) {
      return gains;
    }
    try {
      DMatrix train = NativePart.of(LIBRARY, () -> matrix(rows));
      Booster booster = null;
      try {
        Map<String, Object> settings = settings(rows, config, 1, threads, seed);
        booster = XGBoost.train(train, settings, config.intentTrees(), Map.of(), null, null);
        // Without names XGBoost's own code reads where nothing is.
        String[] names = new String[rows.width];
        Arrays.setAll(names, f -> "f" + f);
        booster
            .getScore(names, "total_gain")
            .forEach((name, gain) -> gains[Integer.parseInt(name.substring(1))] = gain);
      } finally {
        train.dispose();
        if (booster != null) {
          booster.dispose();
        }
      }
      return gains;
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost failed: " + e.getMessage(), e);
    }
  }

  /// Trains trees that put each choice's targets first, by `rank:ndcg`.
  static TreeEnsemble rank(
      List<RankTraining.Choice> learnt,
      List<RankTraining.Choice> held,
      int features,
      int threads,
      long seed) {
    if (learnt.isEmpty()) {
      return TreeEnsemble.none(features);
    }
    try {
      return NativePart.of(LIBRARY, () -> ranking(learnt, held, features, threads, seed));
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost failed: " + e.getMessage(), e);
    }
  }

  private static TreeEnsemble ranking(
      List<RankTraining.Choice> learnt,
      List<RankTraining.Choice> held,
      int features,
      int threads,
      long seed)
      throws XGBoostError {
    Map<String, Object> settings = new HashMap<>();
    settings.put("objective", "rank:ndcg");
    settings.put("eval_metric", "ndcg@20");
    settings.put("lambdarank_pair_method", "topk");
    settings.put("lambdarank_num_pair_per_sample", 20);
    settings.put("tree_method", "hist");
    settings.put("max_depth", 6);
    settings.put("eta", .1);
    settings.put("subsample", .8);
    settings.put("colsample_bytree", .7);
    settings.put("min_child_weight", .1);
    settings.put("lambda", 2);
    settings.put("base_score", 0);
    settings.put("nthread", threads);
    settings.put("seed", (int) (seed & 0x7fffffff));
    settings.put("verbosity", 0);
    settings.put("verbose_eval", "0");
    settings.put("silent", "1");
    DMatrix train = choices(learnt, features);
    Map<String, DMatrix> watches = new LinkedHashMap<>();
    Booster booster = null;
    try {
      int best = RANK_TREES;
      if (held.isEmpty()) {
        booster = XGBoost.train(train, settings, RANK_TREES, Map.of(), null, null);
      } else {
        float[][] metrics = new float[1][RANK_TREES];
        watches.put("held", choices(held, features));
        booster = XGBoost.train(train, settings, RANK_TREES, watches, metrics, null, null, 0);
        best = 0;
        for (int i = 1; i < RANK_TREES; i++) {
          best = metrics[0][i] > metrics[0][best] ? i : best;
        }
        best++;
      }
      String[] dumps = booster.getModelDump("", false, "json");
      return TreeEnsemble.parse(0, features, Arrays.copyOf(dumps, Math.min(best, dumps.length)));
    } finally {
      train.dispose();
      watches.values().forEach(DMatrix::dispose);
      if (booster != null) {
        booster.dispose();
      }
    }
  }

  private static DMatrix choices(List<RankTraining.Choice> choices, int features)
      throws XGBoostError {
    int rows = choices.stream().mapToInt(choice -> choice.rows().length).sum();
    float[] values = new float[Math.multiplyExact(rows, features)];
    float[] labels = new float[rows];
    int[] groups = new int[choices.size()];
    int row = 0;
    for (int g = 0; g < groups.length; g++) {
      RankTraining.Choice choice = choices.get(g);
      groups[g] = choice.rows().length;
      for (int target : choice.targets()) {
        labels[row + target] = 1;
      }
      for (float[] one : choice.rows()) {
        System.arraycopy(one, 0, values, row++ * features, features);
      }
    }
    DMatrix matrix = new DMatrix(values, rows, features, Float.NaN);
    matrix.setLabel(labels);
    matrix.setGroup(groups);
    return matrix;
  }

  private static TreeEnsemble boost(
      FeatureRows rows, FeatureRows valid, IntentConfig config, int leaf, int threads, long seed)
      throws XGBoostError {
    Map<String, Object> settings = settings(rows, config, leaf, threads, seed);
    DMatrix train = matrix(rows);
    Booster booster = null;
    try {
      if (!valid.hasBoth()) {
        booster = XGBoost.train(train, settings, config.intentTrees(), Map.of(), null, null);
        return parse(booster, rows, config.intentTrees());
      }
      DMatrix held = matrix(valid);
      try {
        float[][] metrics = new float[1][config.intentTrees()];
        Map<String, DMatrix> watches = new LinkedHashMap<>();
        watches.put("valid", held);
        booster =
            XGBoost.train(
                train, settings, config.intentTrees(), watches, metrics, null, null, PATIENCE);
        int best = 0;
        int made = Math.toIntExact(booster.getNumBoostedRound());
        for (int i = 1; i < made; i++) {
          best = metrics[0][i] < metrics[0][best] ? i : best;
        }
        return parse(booster, rows, best + 1);
      } finally {
        held.dispose();
      }
    } finally {
      train.dispose();
      if (booster != null) {
        booster.dispose();
      }
    }
  }

  private static Map<String, Object> settings(
      FeatureRows rows, IntentConfig config, int leaf, int threads, long seed) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("objective", "binary:logistic");
    settings.put("eval_metric", "logloss");
    settings.put("tree_method", "hist");
    settings.put("max_depth", config.intentDepth());
    settings.put("eta", config.intentTreeRate());
    settings.put("subsample", .8);
    settings.put("colsample_bytree", .7);
    settings.put("min_child_weight", leaf);
    settings.put("lambda", 2);
    settings.put("base_score", rows.rate());
    settings.put("nthread", threads);
    settings.put("seed", (int) (seed & 0x7fffffff));
    settings.put("verbosity", 0);
    settings.put("verbose_eval", "0");
    settings.put("silent", "1");
    return settings;
  }

  private static DMatrix matrix(FeatureRows rows) throws XGBoostError {
    DMatrix matrix = new DMatrix(rows.used(), rows.count, rows.width, Float.NaN);
    matrix.setLabel(Arrays.copyOf(rows.labels, rows.count));
    matrix.setWeight(Arrays.copyOf(rows.weights, rows.count));
    return matrix;
  }

  private static TreeEnsemble parse(Booster booster, FeatureRows rows, int trees)
      throws XGBoostError {
    String[] dumps = booster.getModelDump("", false, "json");
    float base = (float) Calibration.logit(rows.rate());
    return TreeEnsemble.parse(
        base, rows.width, Arrays.copyOf(dumps, Math.min(trees, dumps.length)));
  }
}
