package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The launchers for POSIX shells and for Windows follow the same rules.
class LaunchersTest {
  private static final Path ROOT = Path.of("..");

  /// Known to the JVM of Linux alone: another would not start.
  private static final String LINUX_ONLY = "-XX:+UseTransparentHugePages";

  private static String read(String launcher) throws IOException {
    return Files.readString(ROOT.resolve(launcher)).replace("\r\n", "\n");
  }

  private static Set<String> found(String regex, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = Pattern.compile(regex).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private static Set<String> flags(String launcher) {
    return found(
        "-XX:[+A-Za-z=]+|-Xm[a-z]\\d+\\w|--(?:add|enable|sun)[-a-z]+=[A-Za-z.-]+", launcher);
  }

  @Test
  void theJvmsFlagsAreTheSame() throws IOException {
    Set<String> posix = flags(read("kaseb"));
    assertThat(posix).hasSizeGreaterThan(4).contains(LINUX_ONLY, "-Xmn96m");
    assertThat(read("kaseb")).contains("[ \"$(uname -s)\" = Linux ] && pages=" + LINUX_ONLY);
    posix.remove(LINUX_ONLY);
    assertThat(flags(read("kaseb.cmd"))).isEqualTo(posix);
  }

  @Test
  void theyBuildFromTheSameSourcesAndRunTheSameClass() throws IOException {
    String posix = read("kaseb");
    String windows = read("kaseb.cmd");
    String modules = "kaseb-(?:tune|forecast|core|app|bench)";
    assertThat(found(modules, windows)).isEqualTo(found(modules, posix)).hasSize(5);
    for (String launcher : new String[] {posix, windows}) {
      assertThat(launcher)
          .contains(
              "JAVA_HOME",
              "KASEB_JAVA_OPTS",
              "JAVA_VERSION=",
              "io.kaseb.cli.Main",
              "kaseb.built",
              "-B -q -DskipTests -pl");
      assertThat(launcher.indexOf("JAVA_HOME")).isLessThan(launcher.indexOf(".sdkman"));
    }
  }

  @Test
  void whatTheySayIsTheSame() throws IOException {
    String windows = read("kaseb.cmd").replace("^", "");
    for (String said :
        new String[] {
          "kaseb needs a JDK 25 and found none in JAVA_HOME, PATH or the usual folders.",
          "Install one (for instance Eclipse Temurin 25) and set JAVA_HOME to its folder.",
          "kaseb is not built yet and Maven is missing: install Maven (mvn), then try again.",
          "Building Kaseb (once; the first build downloads its libraries) ...",
          "The build failed; its output stands above."
        }) {
      assertThat(read("kaseb")).contains(said);
      assertThat(windows).contains(said);
    }
  }

  @Test
  void everyLabelOfTheWindowsLauncherIsThere() throws IOException {
    String windows = read("kaseb.cmd");
    for (String jump : found("(?:goto |call :)\\w+", windows)) {
      String label = ":" + jump.replaceAll("goto |call :", "");
      assertThat(windows.lines().map(String::strip)).contains(label);
    }
  }
}
