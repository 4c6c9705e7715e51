package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import io.kaseb.base.KasebException;
import io.kaseb.cli.terminal.SparkSubmit;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.io.TempDir;

/// Commands for a cluster, with a `spark-submit` that writes down what it is given.
@DisabledOnOs(WINDOWS)
class SparkSubmitTest {
  @TempDir private Path folder;
  private SparkSubmit submit;

  @BeforeEach
  void makeSpark() throws IOException {
    Path built = Files.createDirectories(folder.resolve("built/lib")).getParent();
    for (String jar :
        List.of(
            "kaseb-spark-1.jar",
            "kaseb-spark-1-sources.jar",
            "lib/b.jar",
            "lib/a.jar",
            "lib/x.txt")) {
      Files.writeString(built.resolve(jar), "");
    }
    Path script = Files.createDirectories(folder.resolve("spark/bin")).resolve("spark-submit");
    Files.writeString(
        script, "#!/bin/sh\nprintf '%s\\n' \"$@\" > '" + folder.resolve("given") + "'\nexit 7\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    submit = new SparkSubmit(Map.of("SPARK_HOME", folder.resolve("spark").toString()), built);
  }

  @Test
  void passesTheOptionsOn() throws Exception {
    List<String> args =
        List.of(
            "prepare",
            "--master",
            "spark://head:7077",
            "--format",
            "csv",
            "--clicks",
            "a b.csv",
            "c.csv",
            "--conf",
            "spark.executor.memory=2g",
            "--columns=session=v,item=i",
            "--conf",
            "spark.executor.extraJavaOptions=-Da=b",
            "--out",
            "shop");
    assertThat(SparkSubmit.isWanted(args)).isTrue();
    assertThat(submit.run(args)).isEqualTo(7);
    String lib = submit.built().resolve("lib").toAbsolutePath() + "/";
    assertThat(Files.readAllLines(folder.resolve("given")))
        .containsExactly(
            "--master",
            "spark://head:7077",
            "--class",
            "io.kaseb.spark.Main",
            "--conf",
            "spark.driver.extraJavaOptions=" + SparkSubmit.FLAGS,
            "--conf",
            "spark.executor.extraJavaOptions=" + SparkSubmit.FLAGS + " -Da=b",
            "--conf",
            "spark.executor.memory=2g",
            "--jars",
            lib + "a.jar," + lib + "b.jar",
            submit.built().resolve("kaseb-spark-1.jar").toAbsolutePath().toString(),
            "prepare",
            "--format",
            "csv",
            "--clicks",
            "a b.csv",
            "c.csv",
            "--columns=session=v,item=i",
            "--out",
            "shop");
  }

  @Test
  void aTrialsTaskHasTheCoresOfItsThreads() throws IOException {
    assertThat(submit.command(List.of("tune", "shop", "--master=yarn", "--threads", "4")))
        .containsSequence("--conf", "spark.task.cpus=4")
        .endsWith("tune", "shop", "--threads", "4");
    assertThat(submit.command(List.of("forecast", "m", "--master=yarn", "--out=x")))
        .containsSequence("--master", "yarn")
        .noneMatch(word -> word.startsWith("spark.task.cpus"));
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    List<String> args = List.of("prepare", "--master", "yarn");
    assertThatThrownBy(() -> new SparkSubmit(Map.of(), submit.built()).command(args))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("SPARK_HOME is not set");
    assertThatThrownBy(
            () -> new SparkSubmit(Map.of("SPARK_HOME", "/nowhere"), submit.built()).command(args))
        .hasMessageContaining("SPARK_HOME=/nowhere: has no bin/spark-submit");
    assertThatThrownBy(
            () -> new SparkSubmit(submit.environment(), folder.resolve("none")).command(args))
        .hasMessageContaining("has no kaseb-spark jar; build it");
    assertThatThrownBy(() -> submit.command(List.of("tune", "--master")))
        .hasMessageContaining("--master: needs a value");
    assertThatThrownBy(() -> submit.command(List.of("tune", "--master=yarn", "--conf", "x")))
        .hasMessageContaining("--conf x: must be KEY=VALUE");
  }

  @Test
  void onlyThreeCommandsGoToAClusterAndTheirHelpStaysHere() {
    assertThat(SparkSubmit.isWanted(List.of("train", "--master", "yarn"))).isFalse();
    assertThat(SparkSubmit.isWanted(List.of("prepare", "--master", "yarn", "--help"))).isFalse();
    assertThat(SparkSubmit.isWanted(List.of("prepare", "--out", "x"))).isFalse();
    StringWriter err = new StringWriter();
    int exit =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            "forecast",
            "m",
            "--clicks",
            "c",
            "--out",
            "o",
            "--conf",
            "a=b");
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString()).contains("--conf is for Spark; give --master as well");
  }

  @Test
  void theFlagsAreThoseOfThePageAndTheBuild() throws IOException {
    assertThat(Files.readString(Path.of("../docs/spark.md"))).contains(SparkSubmit.FLAGS);
    String build = Files.readString(Path.of("../kaseb-spark/pom.xml"));
    assertThat(build)
        .contains(SparkSubmit.FLAGS.substring(SparkSubmit.FLAGS.indexOf("--add-opens")));
  }
}
