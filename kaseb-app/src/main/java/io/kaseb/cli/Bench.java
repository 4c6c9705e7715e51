package io.kaseb.cli;

import picocli.CommandLine.Command;

/// `kaseb bench`: the project's own measurements.
@Command(
    name = "bench",
    description = "The project's own measurements.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "WHAT",
    subcommands = {BenchSimulate.class})
final class Bench {}
