package io.kaseb.intentfit;

import io.kaseb.config.IntentConfig;
import io.kaseb.intent.Calibration;
import io.kaseb.intent.TreeEnsemble;
import java.util.ArrayList;
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
  private static final int PATIENCE = 25;
  private static final int MANY = 2_000;
  private static final int PARTS = 5;
  private static final int FEW_DEPTH = 3;

  /// Least weight of a leaf.
  static final int LEAF = 5;

  private static final int BLOCK = 16;

  private TreeTraining() {}

  /// Trains trees on rows; stops where the log loss on other rows has not improved for 25 trees,
  /// and keeps the best number of them.
  ///
  /// @param valid rows for stopping; empty for all trees
  static TreeEnsemble train(
      FeatureRows rows, FeatureRows valid, IntentConfig config, int threads, long seed) {
    return train(rows, valid, config, LEAF, threads, seed);
  }

  private static TreeEnsemble train(
      FeatureRows rows, FeatureRows valid, IntentConfig config, int leaf, int threads, long seed) {
    if (!rows.hasBoth()) {
      return TreeEnsemble.parse((float) Calibration.logit(rows.rate()), rows.width, new String[0]);
    }
    try {
      return boost(rows, valid, config, leaf, threads, seed);
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost failed: " + e.getMessage(), e);
    }
  }

  /// Trains trees on few positive rows: the mean of several ensembles of shallow trees, each
  /// stopped on another part of the rows, since a handful of positives says little about where to
  /// stop. Many rows are trained on as [#train] does.
  ///
  /// @param leaf least weight of a leaf, the sum of p (1 - p) over its rows: at 1 a few dozen rows
  ///   of a rare sign can stand alone, at [#LEAF] they cannot
  static TreeEnsemble trainFew(
      FeatureRows rows, FeatureRows valid, IntentConfig config, int leaf, int threads, long seed) {
    if (rows.positives() >= MANY) {
      return train(rows, valid, config, threads, seed);
    }
    int depth = Math.min(FEW_DEPTH, config.intentDepth());
    IntentConfig shallow = config.with(Map.of("intent_depth", Integer.toString(depth)));
    List<TreeEnsemble> parts = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      FeatureRows trained = new FeatureRows(rows.width, rows.count);
      FeatureRows stopped = new FeatureRows(rows.width, rows.count / PARTS + valid.count);
      stopped.addAll(valid);
      for (int r = 0; r < rows.count; r++) {
        // A session's rows stand together: blocks keep most of them in one part.
        boolean isOut = r / BLOCK % PARTS == part;
        (isOut ? stopped : trained).add(rows.row(r), rows.labels[r] > .5f, rows.weights[r]);
      }
      parts.add(train(trained, stopped, shallow, leaf, threads, seed + part));
    }
    return TreeEnsemble.mean(parts);
  }

  private static TreeEnsemble boost(
      FeatureRows rows, FeatureRows valid, IntentConfig config, int leaf, int threads, long seed)
      throws XGBoostError {
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
