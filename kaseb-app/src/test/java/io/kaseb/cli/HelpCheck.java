package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.cli.usage.WholeWordsHelp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// What the help of every command and verb has: whole sentences at 80 columns, examples that can be
/// pasted, the same word for the same thing.
public final class HelpCheck {
  private static final int WIDTH = 80;

  /// The words for what an option or a parameter takes.
  private static final Set<String> LABELS =
      Set.of(
          "MODEL",
          "MASTER",
          "WEIGHTS",
          "TEXT|FILE",
          "N|SHARE",
          "ACTION",
          "MS",
          "DATASET",
          "EXPERIMENT",
          "FILE",
          "FOLDER",
          "PATH",
          "ANSWERS",
          "N",
          "SHARE",
          "TIME",
          "SECONDS",
          "HOST,...",
          "MB",
          "BYTES",
          "SIZE",
          "VALUE",
          "TEXT",
          "HOST",
          "PORT",
          "PLACE",
          "FORMAT",
          "SPLIT",
          "PROTOCOL",
          "KIND",
          "TEACHER",
          "PRESET",
          "MODE",
          "GOAL",
          "BOUND",
          "TRIAL",
          "COMMAND",
          "SHELL",
          "KEY=VALUE",
          "NAME=FILE",
          "NAME=PERCENT",
          "NAME[:k=v,...]",
          "NAME,...",
          "N,...",
          "WORD,...",
          "ACTION=WORD|WORD,...",
          "[NAME=]COLUMN:KIND@LEVEL,...",
          "id=COLUMN",
          "ACTION,...",
          "ROLE=COLUMN,...",
          "real|relative",
          "reject|follow",
          "text|json",
          "MODEL... DATASET",
          "DATASET|MODEL|EXPERIMENT");

  private static final Pattern WORD =
      Pattern.compile("'([^']*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

  private HelpCheck() {}

  /// Returns a command with all commands below it.
  static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpCheck::all));
  }

  /// Asserts it of a command and all commands below it.
  public static void check(CommandLine root) {
    root.setHelpFactory(WholeWordsHelp::new);
    all(root)
        .forEach(
            command -> {
              String name = command.getCommandSpec().qualifiedName(" ");
              String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
              assertThat(help.lines()).as(name).allMatch(line -> line.length() <= WIDTH);
              checkSentences(command.getCommandSpec(), help);
              checkExamples(root, command, name);
            });
  }

  private static String squashed(String text) {
    return text.replaceAll("\\s+", "");
  }

  private static List<String> words(String... texts) {
    return Stream.of(texts)
        .flatMap(text -> Stream.of(text.split("\\s+")))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static void checkSentences(CommandSpec spec, String help) {
    String name = spec.qualifiedName(" ");
    List<String> shown = words(help);
    String whole = squashed(help);
    String[] description = spec.usageMessage().description();
    assertThat(description).as(name).isNotEmpty();
    assertThat(description[0]).as(name).endsWith(".");
    assertThat(whole).as(name).contains(squashed(String.join(" ", description)));
    assertThat(shown).as(name).containsAll(words(description));
    List<ArgSpec> args = new ArrayList<>(spec.options());
    args.addAll(spec.positionalParameters());
    for (ArgSpec arg : args) {
      assertThat(whole).as(name).contains(squashed(String.join(" ", arg.description())));
      assertThat(shown).as(name).containsAll(words(arg.description()));
      boolean isFlag = arg.arity().max() == 0;
      assertThat(isFlag || LABELS.contains(arg.paramLabel()))
          .as("%s %s", name, arg.paramLabel())
          .isTrue();
    }
  }

  private static void checkExamples(CommandLine root, CommandLine command, String name) {
    String footer = String.join("\n", command.getCommandSpec().usageMessage().footer());
    List<String> examples =
        footer
            .replaceAll(" \\\\\\s+", " ")
            .lines()
            .map(line -> line.replaceAll("^ *source <\\((.*)\\)$", "$1"))
            .map(line -> line.replaceAll(" > .*", "").strip())
            .filter(line -> line.startsWith("kaseb "))
            .toList();
    assertThat(examples).as(name).anyMatch(line -> (line + " ").startsWith(name + " "));
    assertThat(footer.lines()).as(name).allMatch(line -> line.length() <= WIDTH);
    for (String example : examples) {
      List<String> words = new ArrayList<>();
      Matcher word = WORD.matcher(example);
      while (word.find()) {
        words.add(
            Stream.of(1, 2, 3)
                .map(word::group)
                .filter(found -> found != null)
                .findFirst()
                .orElseThrow());
      }
      String[] args = words.subList(1, words.size()).toArray(String[]::new);
      CommandLine top = root.getCommandSpec().root().commandLine();
      if (top.getSubcommands().containsKey(args[0])) {
        CommandLine.ParseResult parsed = top.parseArgs(args);
        assertThat(parsed.unmatched()).as(example + Arrays.toString(args)).isEmpty();
      }
    }
  }
}
