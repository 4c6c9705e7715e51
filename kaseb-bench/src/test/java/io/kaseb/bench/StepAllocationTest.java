package io.kaseb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import io.kaseb.train.Training;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A training step allocates no vector, and next to nothing else, once the compiler is done with
/// it. Each loss trains in a process of its own, since what is compiled how depends on what ran
/// before; how long the compiler takes is left open. What it inlines depends on its threads' timing
/// too: rarely a process ends with a vector on the heap, so each loss may try twice.
class StepAllocationTest {
  /// A few iterators over the layers; one boxed vector a row would be tens of thousands.
  private static final double LIMIT = 256;

  private static final int PATIENCE = 60;

  /// Run in the process: trains until an epoch's steps allocate almost nothing, then one more epoch
  /// under the JDK's flight recorder.
  static final class Child {
    private static final int ITEMS = 2_000;

    private Child() {}

    public static void main(String[] args) throws IOException {
      Map<String, String> settings =
          Map.of(
              "loss",
              args[0],
              "cell",
              args[1],
              "batch_size",
              "32",
              "n_sample",
              "480",
              "layers",
              "100");
      Sessions sessions = sessions();
      Training training =
          Training.create(
              TrainConfig.DEFAULT.with(settings),
              Catalogue.of(IntStream.range(0, ITEMS).mapToObj(Integer::toString).toList()),
              sessions.itemCounts(ITEMS),
              2);
      double bytes = Double.MAX_VALUE;
      for (int epoch = 1; epoch <= PATIENCE && bytes > LIMIT; epoch++) {
        AllocationMeter meter = new AllocationMeter(training);
        training.epoch(sessions, Progress.NONE, meter);
        bytes = meter.bytesPerStep();
      }
      System.out.println("bytes " + bytes);
      System.out.println("vectors " + recorded(training, sessions));
    }

    private static Set<String> recorded(Training training, Sessions sessions) throws IOException {
      Path file = Files.createTempFile("kaseb", ".jfr");
      try (Recording recording = new Recording()) {
        recording.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s");
        recording.start();
        training.epoch(sessions, Progress.NONE, () -> false);
        recording.stop();
        recording.dump(file);
        TreeSet<String> vectors = new TreeSet<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
          String type = event.getClass("objectClass").getName();
          if (type.startsWith("jdk.incubator.vector")) {
            vectors.add(type + " in " + caller(event));
          }
        }
        return vectors;
      } finally {
        Files.delete(file);
      }
    }

    private static String caller(RecordedEvent event) {
      return event.getStackTrace().getFrames().stream()
          .map(RecordedFrame::getMethod)
          .filter(method -> method.getType().getName().startsWith("io.kaseb"))
          .map(method -> method.getType().getName() + "." + method.getName())
          .findFirst()
          .orElse("?");
    }

    private static Sessions sessions() {
      Random random = new Random(1);
      int count = 12_000;
      return new Sessions(
          IntStream.rangeClosed(0, count).map(s -> 4 * s).toArray(),
          IntStream.range(0, 4 * count).map(e -> e < ITEMS ? e : random.nextInt(ITEMS)).toArray(),
          null);
    }
  }

  @ParameterizedTest
  @CsvSource({"cross-entropy, gru", "bpr-max, gru", "bpr, gru", "cross-entropy, mgu"})
  void theStepAllocatesNothing(String loss, String cell) throws Exception {
    List<String> lines = trained(loss, cell);
    if (!isClean(lines)) {
      lines = trained(loss, cell);
    }
    assertThat(isClean(lines)).as("%s", lines).isTrue();
  }

  private static boolean isClean(List<String> lines) {
    double bytes =
        lines.stream()
            .filter(line -> line.startsWith("bytes "))
            .mapToDouble(line -> Double.parseDouble(line.substring("bytes ".length())))
            .findFirst()
            .orElse(Double.MAX_VALUE);
    return bytes <= LIMIT && lines.contains("vectors []");
  }

  private static List<String> trained(String loss, String cell) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                loss,
                cell)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s", output).isZero();
    return output.lines().toList();
  }
}
