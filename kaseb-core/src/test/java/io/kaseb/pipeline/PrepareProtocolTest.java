package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.data.Dataset;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.model.Sessions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The protocols in SQL against [NaiveProtocol] on random logs, and what every split must keep.
class PrepareProtocolTest {
  private static final TimeZone ZONE = TimeZone.getDefault();
  @TempDir static Path folder;

  @AfterAll
  static void restoreTheTimeZone() {
    TimeZone.setDefault(ZONE);
  }

  @RepeatedTest(12)
  void rsc15IsWhatPlainJavaSays(RepetitionInfo repetition) {
    List<NaiveProtocol.Click> log = randomLog(repetition.getCurrentRepetition());
    compare(log, Protocol.RSC15, "days:1", NaiveProtocol.rsc15(log));
  }

  @RepeatedTest(12)
  void gru4recIsWhatPlainJavaSays(RepetitionInfo repetition) {
    List<NaiveProtocol.Click> log = randomLog(repetition.getCurrentRepetition());
    compare(log, Protocol.GRU4REC, "days:2", NaiveProtocol.gru4rec(log, 2));
  }

  @Test
  void theMachinesTimeZoneDoesNotMatter() {
    List<NaiveProtocol.Click> log = randomLog(7);
    for (String zone : List.of("America/New_York", "Pacific/Auckland")) {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      compare(log, Protocol.RSC15, "days:1", NaiveProtocol.rsc15(log));
      compare(log, Protocol.GRU4REC, "days:1", NaiveProtocol.gru4rec(log, 1));
    }
    TimeZone.setDefault(ZONE);
  }

  @RepeatedTest(6)
  void splitsShareOutEverySessionOnce(RepetitionInfo repetition) {
    List<NaiveProtocol.Click> log = randomLog(repetition.getCurrentRepetition());
    log.add(new NaiveProtocol.Click(1000, 0, 1, log.size()));
    log.add(new NaiveProtocol.Click(1001, 8 * 86_400, 1, log.size()));
    Path file = write(log);
    long sessions = log.stream().map(NaiveProtocol.Click::session).distinct().count();
    Logs.prepare("yoochoose", file, Logs.rules(Protocol.NONE), folder.resolve("whole"));
    List<String> all = Logs.train(folder.resolve("whole"));
    for (String split : List.of("time:0.25", "random:0.25", "days:2")) {
      Path out = folder.resolve("split");
      var manifest = Logs.prepare("yoochoose", file, Logs.rules(Protocol.NONE, split), out);
      assertThat(manifest.train().sessions() + manifest.test().sessions()).isEqualTo(sessions);
      assertThat(manifest.train().events() + manifest.test().events()).isEqualTo(log.size());
      if (!split.startsWith("days")) {
        assertThat(manifest.test().sessions()).isEqualTo(Math.round(sessions * 0.25));
      }
      Dataset dataset = Logs.load(out);
      List<String> parts = new ArrayList<>(Logs.words(dataset, dataset.train()));
      parts.addAll(Logs.words(dataset, dataset.test()));
      assertThat(parts).containsExactlyInAnyOrderElementsOf(all);
    }
  }

  @RepeatedTest(6)
  void theFixpointHoldsBeforeTheSplit(RepetitionInfo repetition) {
    List<NaiveProtocol.Click> log = randomLog(repetition.getCurrentRepetition());
    for (int row = 0; row < 10; row++) {
      log.add(new NaiveProtocol.Click(1000 + row / 2, row, 500 + row % 2, 10_000 + row));
    }
    ClickSource source = ClickSource.of(Format.of("yoochoose"), write(log));
    Path test = Logs.write(folder.resolve("test.dat"), Logs.click(1, 0, 1), Logs.click(1, 5, 2));
    var both = new ClickSource(source.format(), source.clicks(), List.of(), List.of(test), null);
    Path out = folder.resolve("fixpoint");
    Logs.prepare(both, Logs.rules(Protocol.GRU4REC), out);
    Dataset dataset = Logs.load(out);
    Sessions train = dataset.train();
    for (int s = 0; s < train.count(); s++) {
      assertThat(train.length(s)).isGreaterThanOrEqualTo(2);
    }
    for (long support : train.itemCounts(dataset.trainItems())) {
      assertThat(support).isGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void aSplitByTimeTakesTheLatestSessions() {
    Path file =
        Logs.write(
            folder.resolve("late.dat"),
            Logs.click("late", 900, "a"),
            Logs.click("early", 0, "b"),
            Logs.click("late", 910, "c"),
            Logs.click("mid", 500, "d"));
    Path out = folder.resolve("late");
    Logs.prepare("yoochoose", file, Logs.rules(Protocol.NONE, "time:0.34"), out);
    assertThat(Logs.train(out)).containsExactly("b", "d");
    assertThat(Logs.test(out)).containsExactly("a c");
  }

  @Test
  void aSplitByChanceFollowsItsSeed() {
    Path file = write(randomLog(3));
    HashSet<List<String>> tests = new HashSet<>();
    for (long seed : new long[] {1, 1, 2}) {
      Prepare.Rules rules =
          new Prepare.Rules(Protocol.NONE, Split.parse("random:0.5"), true, null, 0, seed);
      Logs.prepare("yoochoose", file, rules, folder.resolve("chance"));
      tests.add(Logs.test(folder.resolve("chance")));
    }
    assertThat(tests).hasSize(2);
  }

  private static void compare(
      List<NaiveProtocol.Click> log,
      Protocol protocol,
      String split,
      NaiveProtocol.Parts expected) {
    Path out = folder.resolve("compared");
    Path file = write(log);
    if (expected.train().isEmpty() || expected.test().isEmpty()) {
      assertThatThrownBy(() -> Logs.prepare("yoochoose", file, Logs.rules(protocol, split), out))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("session is left");
      return;
    }
    Logs.prepare("yoochoose", file, Logs.rules(protocol, split), out);
    Dataset dataset = Logs.load(out);
    assertThat(Logs.words(dataset, dataset.train())).isEqualTo(expected.train());
    assertThat(Logs.words(dataset, dataset.test())).isEqualTo(expected.test());
  }

  private static Path write(List<NaiveProtocol.Click> log) {
    return Logs.write(
        folder.resolve("log.dat"),
        log.stream()
            .map(click -> Logs.click(click.session(), click.second(), click.item()))
            .toArray(String[]::new));
  }

  /// Sessions over six days, out of order, with repeats, ties in time and items of all supports.
  private static List<NaiveProtocol.Click> randomLog(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int sessions = random.nextInt(5, 80);
    int items = random.nextInt(3, 30);
    List<NaiveProtocol.Click> log = new ArrayList<>();
    int clicks = random.nextInt(20, 400);
    long[] starts = new long[sessions];
    for (int s = 0; s < sessions; s++) {
      starts[s] = random.nextLong(6 * 86_400);
    }
    for (int row = 0; row < clicks; row++) {
      int session = random.nextInt(sessions);
      long second = starts[session] + random.nextLong(random.nextBoolean() ? 3 : 40_000);
      int item = (int) (items * Math.pow(random.nextDouble(), 2));
      log.add(new NaiveProtocol.Click(session, second, item, row));
    }
    return log;
  }
}
