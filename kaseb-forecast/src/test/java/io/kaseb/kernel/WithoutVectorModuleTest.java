package io.kaseb.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Which kernels a Java process of its own gets, and what it says about them.
class WithoutVectorModuleTest {
  /// Run in the process: names the kernels twice, and multiplies.
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      Kernels kernels = Kernels.BEST;
      float[] c = new float[1];
      kernels.multiply(1, 1, 2, new float[] {2, 3}, 0, 2, new float[] {5, 7}, 0, 1, c, 0, 1, false);
      System.out.println(kernels.description() + " " + c[0]);
      System.out.println(Kernels.BEST.description());
    }
  }

  @Test
  void scalarKernelsAndOneLineThatSaysSo() throws Exception {
    List<String> lines = run();
    assertThat(lines)
        .filteredOn(line -> !line.startsWith("WARN"))
        .containsExactly("scalar 31.0", "scalar");
    assertThat(lines)
        .filteredOn(line -> line.startsWith("WARN"))
        .singleElement()
        .asString()
        .contains("scalar kernels", "--add-modules=jdk.incubator.vector", "JDK_JAVA_OPTIONS");
  }

  /// slf4j alone swallows what nobody listens to.
  @Test
  void aProgramWithoutLoggingIsToldToo() throws Exception {
    String quiet =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("logback"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(runOn(quiet))
        .contains("scalar 31.0", "scalar")
        .filteredOn(line -> line.contains("scalar kernels"))
        .singleElement()
        .asString()
        .contains("--add-modules=jdk.incubator.vector", "-Dkaseb.kernels=scalar");
    assertThat(runOn(quiet, "-Dkaseb.kernels=scalar"))
        .contains("scalar 31.0", "scalar")
        .noneMatch(line -> line.contains("scalar kernels"));
  }

  @Test
  void scalarKernelsThatWereAskedForAreNothingToSay() throws Exception {
    assertThat(run("-Dkaseb.kernels=scalar")).containsExactly("scalar 31.0", "scalar");
  }

  @Test
  void aForcedWidthIsTaken() throws Exception {
    List<String> lines = run("--add-modules=jdk.incubator.vector", "-Dkaseb.vector.bits=128");
    assertThat(lines).contains("vector 128 bit 31.0", "vector 128 bit");
  }

  @Test
  void anUnknownWidthIsNamed() throws Exception {
    List<String> lines = run("--add-modules=jdk.incubator.vector", "-Dkaseb.vector.bits=100");
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).contains("bits=100; must be 128, 256 or 512"));
  }

  private static List<String> run(String... flags) throws IOException, InterruptedException {
    return runOn(System.getProperty("java.class.path"), flags);
  }

  private static List<String> runOn(String classPath, String... flags)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", classPath, Child.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.lines().toList();
  }
}
