package io.kaseb.bench.cli;

import io.kaseb.cli.HelpCheck;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The help of `kaseb bench` and of every measurement.
class BenchHelpTest {
  @Command(name = "kaseb", subcommands = BenchCommand.class)
  private static final class Kaseb {}

  @Test
  void everyMeasurementHelps() {
    CommandLine bench = new CommandLine(new Kaseb()).getSubcommands().values().iterator().next();
    HelpCheck.check(bench);
  }
}
