package io.kaseb.pipeline;

import io.kaseb.baseline.RankSources;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.forecast.Forecaster;
import io.kaseb.intent.TreeEnsemble;
import io.kaseb.intentfit.RankTraining;
import io.kaseb.model.Sessions;
import io.kaseb.train.RankerFit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The trees of a ranker: those of the next item, where they are better than the hybrid's order,
/// and of each action that sessions are forecast for those of the items that get it in the rest of
/// the session, where there is enough to learn them from and they are better than the order of next
/// items.
///
/// @param next of the next item; none for the hybrid's order
/// @param actions by the action's word
/// @param described what they reach on sessions held back, a line for each
record RankerTrees(TreeEnsemble next, Map<String, TreeEnsemble> actions, List<String> described) {
  /// Fewer sessions than this teach chance.
  private static final int LEAST_SESSIONS = 50;

  /// What trees are trained on.
  ///
  /// @param sources counted and trained on earlier sessions alone
  /// @param border how many earlier training sessions there are
  /// @param index the sources' number of each item of the log, negative where they lack one
  record Given(RankSources sources, OpenDataset dataset, int border, int[] index) {}

  /// Trains them.
  ///
  /// @param later clicks of the sessions after the sources', in the sources' numbers
  static RankerTrees of(Given given, Sessions later, Train.Options how) {
    RankerFit fit = RankerFit.of(given.sources, later, how.workers());
    TreeEnsemble own = trees(fit, given.sources, how);
    RankerFit.Gain gain = fit.gain(RankerFit.Score.HYBRID, own::score);
    TreeEnsemble next = gain.isEarned() ? own : TreeEnsemble.none(given.sources.features());
    List<String> described = new ArrayList<>();
    described.add(
        described("", "the next items", gain, "the hybrid inside", "the hybrid's order stays"));
    Map<String, TreeEnsemble> actions = new LinkedHashMap<>();
    if (acts(given.dataset.manifest())) {
      LabelledSessions train = given.dataset.labelledTrain();
      LabelledSessions acting = train.slice(given.border, train.count()).indexed(given.index);
      for (String goal : how.goals()) {
        action(goal, given.sources, acting, next, how, actions, described);
      }
    }
    return new RankerTrees(next, actions, described);
  }

  /// Asked before anything is read: a log of clicks alone pays nothing.
  private static boolean acts(Manifest manifest) {
    return !manifest.actions().isEmpty() || manifest.train().buyers() > 0;
  }

  private static void action(
      String goal,
      RankSources sources,
      LabelledSessions later,
      TreeEnsemble next,
      Train.Options how,
      Map<String, TreeEnsemble> actions,
      List<String> described) {
    if (goal.equals(Forecaster.NEXT_VIEW) || later.signals().names().number(goal) < 0) {
      return;
    }
    Remainder remainder = Remainder.of(later, goal);
    RankerFit fit = RankerFit.of(sources, later, remainder::items, how.workers());
    String of = "items of the next " + goal + ": ";
    if (fit.sessions() < LEAST_SESSIONS) {
      described.add(
          String.format(
              Locale.ROOT,
              "%sthe ranker of next items stands in, as %d later sessions are fewer than %d",
              of,
              fit.sessions(),
              LEAST_SESSIONS));
      return;
    }
    TreeEnsemble own = trees(fit, sources, how);
    RankerFit.Gain gain =
        fit.gain(next.isEmpty() ? RankerFit.Score.HYBRID : next::score, own::score);
    if (gain.isEarned()) {
      actions.put(goal, own);
    }
    described.add(
        described(
            of, "them", gain, "the ranker of next items", "the ranker of next items stands in"));
  }

  private static String described(
      String of, String wanted, RankerFit.Gain gain, String others, String otherwise) {
    return String.format(
        Locale.ROOT,
        "%scandidates hold %.4f of %s; mrr@20 %.4f, of %s %.4f (difference +- %.4f), on %d held-back clicks of %d sessions%s",
        of,
        gain.recall(),
        wanted,
        gain.own(),
        others,
        gain.others(),
        gain.error(),
        gain.clicks(),
        gain.sessions(),
        gain.isEarned() ? "" : "; " + otherwise);
  }

  private static TreeEnsemble trees(RankerFit fit, RankSources sources, Train.Options how) {
    return RankTraining.train(
        choices(fit.learnt()),
        choices(fit.held()),
        sources.features(),
        how.workers().threads(),
        how.config().seed());
  }

  private static List<RankTraining.Choice> choices(List<RankerFit.Group> groups) {
    return groups.stream().map(g -> new RankTraining.Choice(g.rows(), g.targets())).toList();
  }
}
