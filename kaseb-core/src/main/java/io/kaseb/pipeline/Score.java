package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.Resources;
import io.kaseb.eval.ChallengeScore;
import io.kaseb.ingest.PurchaseLog;
import io.kaseb.logfile.ClickSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Scores an answer file of the RecSys Challenge 2015 against what was really bought.
public final class Score {
  /// What the answers are worth.
  ///
  /// @param score the challenge score
  /// @param scoreMax the score of perfect answers
  /// @param sessions sessions of the clicks
  /// @param buyers those that bought
  /// @param sessionsSubmitted sessions answered
  /// @param sessionsHit of them, those that bought
  /// @param jaccard mean overlap of answered and bought items over the sessions hit
  public record Figures(
      double score,
      double scoreMax,
      long sessions,
      long buyers,
      long sessionsSubmitted,
      long sessionsHit,
      double jaccard) {}

  private Score() {}

  /// Scores answers.
  ///
  /// @param answers lines `session;item,item,...`, each session at most once; ids that need it are
  ///   quoted as in CSV
  /// @param source clicks of all sessions, and purchases
  public static Figures run(
      Path answers, ClickSource source, double maxBadRows, Resources resources, Progress progress)
      throws IOException {
    PurchaseLog truth = PurchaseLog.read(source, maxBadRows, resources, progress);
    Set<String> seen = new HashSet<>();
    long hit = 0;
    double overlap = 0;
    for (AnswerFile.Answer answer : AnswerFile.read(answers)) {
      String session = answer.session();
      if (!truth.sessions().contains(session)) {
        throw new KasebException(
            new KasebException.Problem(
                answer.place(),
                "session " + session + " is not in the clicks",
                null,
                "score with the clicks that were answered"));
      }
      if (!seen.add(session)) {
        throw new KasebException(
            new KasebException.Problem(
                answer.place(),
                "session " + session + " is answered a second time",
                null,
                "give one line for each"));
      }
      Set<String> bought = truth.bought().get(session);
      if (bought != null) {
        hit++;
        overlap += jaccard(answer.items(), bought);
      }
    }
    ChallengeScore score =
        new ChallengeScore(
            truth.sessions().size(), truth.bought().size(), seen.size(), hit, overlap);
    return new Figures(
        score.score(),
        score.max(),
        truth.sessions().size(),
        truth.bought().size(),
        seen.size(),
        hit,
        score.meanJaccard());
  }

  private static double jaccard(List<String> items, Set<String> bought) {
    Set<String> answered = new HashSet<>(items);
    Set<String> union = new HashSet<>(answered);
    union.addAll(bought);
    answered.retainAll(bought);
    return union.isEmpty() ? 0 : (double) answered.size() / union.size();
  }
}
