package io.kaseb.bench.cli;

import picocli.CommandLine.Command;

/// `kaseb bench`: the project's own measurements.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Kaseb on this machine.",
    synopsisSubcommandLabel = "WHAT",
    subcommands = {
      BenchTrainCommand.class,
      BenchForecastCommand.class,
      BenchBaselineCommand.class,
      BenchExperimentCommand.class,
      BenchKernelsCommand.class,
      BenchPrepareCommand.class,
      BenchServeCommand.class,
      BenchSimulateCommand.class,
      BenchTuneCommand.class
    },
    footer = {"", "Example:", "  kaseb bench train"})
final class BenchCommand {}
