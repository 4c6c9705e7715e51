package io.kaseb.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.KasebException;
import io.kaseb.cli.option.OutputFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Looks, before a command begins, at the files that it is to write: what cannot be written, or is
/// plainly another kind of file, is refused while nothing is lost.
final class OutputChecks {
  private static final int BEGIN = 16;

  private OutputChecks() {}

  /// Looks at the files of the command that is to run.
  static void check(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    CommandLine command = last.commandSpec().commandLine();
    Map<Path, String> named = inputs(last);
    for (OptionSpec option : last.matchedOptionsSet()) {
      OutputFile marked = marked(option);
      if (marked != null && option.getValue() instanceof Path file) {
        try {
          AtomicFiles.check(file);
          refuseOthers(file, marked.value());
          refuseParts(file);
          // A model may be trained further in its own place.
          if (marked.value() != OutputFile.Kind.MODEL) {
            refuseSame(file, option.longestName(), named);
          }
          named.put(file, option.longestName());
        } catch (IOException | KasebException e) {
          throw new ExecutionException(command, e.getMessage(), e);
        }
      }
    }
  }

  private static @Nullable OutputFile marked(ArgSpec argument) {
    return argument.userObject() instanceof AnnotatedElement element
        ? element.getAnnotation(OutputFile.class)
        : null;
  }

  /// Returns the files that a command reads, each with what names it.
  private static Map<Path, String> inputs(ParseResult parsed) {
    Map<Path, String> inputs = new LinkedHashMap<>();
    List<ArgSpec> arguments = new ArrayList<>(parsed.matchedOptionsSet());
    arguments.addAll(parsed.matchedPositionalsSet());
    for (ArgSpec argument : arguments) {
      if (marked(argument) == null) {
        String name =
            argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        Object value = argument.getValue();
        for (Object one : value instanceof Collection<?> all ? all : Set.of(value)) {
          if (one instanceof Path path) {
            inputs.put(path, name);
          }
        }
      }
    }
    return inputs;
  }

  /// A dataset's or an experiment's own files are no place for anything else.
  private static void refuseParts(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return;
    }
    Path real = file.toRealPath();
    Path folder = real.getParent();
    for (int up = 0; up < 2 && folder != null; up++, folder = folder.getParent()) {
      if (isPart(folder, folder.relativize(real).toString())) {
        throw new KasebException(
            new KasebException.Problem(
                file.toString(), "is a part of " + folder, null, "give another name"));
      }
    }
  }

  private static boolean isPart(Path folder, String name) {
    boolean isDataset =
        Files.exists(folder.resolve("dataset.json"))
            && name.matches("dataset\\.json|items\\.parquet|(train|test)/\\w+\\.parquet");
    boolean isExperiment =
        Files.exists(folder.resolve("experiment.db"))
            && name.matches(
                "experiment\\.(db.*|lock)|plan\\.json|best\\.yaml|report\\.(txt|html)"
                    + "|(trials|warm|confirm)/.*");
    return isDataset || isExperiment;
  }

  /// One file cannot be read and written, or written twice: what one of them holds would be lost.
  private static void refuseSame(Path file, String option, Map<Path, String> named)
      throws IOException {
    if (file.equals(AtomicFiles.STANDARD_OUTPUT)
        || (Files.exists(file) && !Files.isRegularFile(file))) {
      return;
    }
    for (Map.Entry<Path, String> other : named.entrySet()) {
      Path path = other.getKey();
      boolean same =
          file.toAbsolutePath().normalize().equals(path.toAbsolutePath().normalize())
              || (Files.exists(file) && Files.exists(path) && Files.isSameFile(file, path));
      if (same) {
        throw new KasebException(
            "%s %s: that file is also %s; give another name"
                .formatted(option, file, other.getValue()));
      }
    }
  }

  private static void refuseOthers(Path file, OutputFile.Kind kind) throws IOException {
    boolean unlike = kind == OutputFile.Kind.MODEL || file.equals(AtomicFiles.STANDARD_OUTPUT);
    if (unlike || !Files.isRegularFile(file) || Files.size(file) == 0) {
      return;
    }
    String begin;
    try (InputStream in = Files.newInputStream(file)) {
      begin = new String(in.readNBytes(BEGIN), ISO_8859_1);
    }
    String text = begin.strip();
    boolean binary = begin.chars().anyMatch(c -> c < ' ' && c != '\t' && c != '\n' && c != '\r');
    boolean fits =
        switch (kind) {
          case MODEL -> true;
          case JSON -> !binary && (text.startsWith("{") || text.startsWith("["));
          case PAGE -> !binary && text.startsWith("<");
          case TEXT -> !binary && !text.startsWith("<");
          case TABLE -> begin.startsWith("PAR1") || (!binary && !text.startsWith("<"));
          case WEIGHTS -> binary && !begin.startsWith("SQLite") && !begin.startsWith("PAR1");
        };
    if (!fits) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "is there already and is "
                  + switch (kind) {
                    case MODEL, WEIGHTS -> "no model";
                    case JSON -> "no JSON";
                    case PAGE -> "no web page";
                    case TEXT, TABLE -> "no such text";
                  },
              null,
              "give another name, or delete it first"));
    }
  }
}
