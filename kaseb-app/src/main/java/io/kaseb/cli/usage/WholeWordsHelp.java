package io.kaseb.cli.usage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Help whose lines break at blanks alone, so that a pattern such as `'logs/*.csv.gz'` stays whole
/// and can be copied. Picocli also breaks behind a full stop, a colon or an equals sign.
public final class WholeWordsHelp extends Help {
  private static final int INDENT = 2;

  /// Creates the help of a command.
  public WholeWordsHelp(CommandSpec command, ColorScheme colors) {
    super(command, colors);
  }

  private int width() {
    return commandSpec().usageMessage().width();
  }

  @Override
  protected String insertSynopsisCommandName(int headingLength, Text arguments) {
    String name = commandSpec().qualifiedName(" ");
    int indent = headingLength + name.length() + 1;
    StringBuilder synopsis = new StringBuilder(colorScheme().commandText(name).toString());
    String between = " ";
    for (Text line : wrapped(arguments, width() - indent, width() - indent)) {
      synopsis.append(between).append(line);
      between = System.lineSeparator() + " ".repeat(indent);
    }
    return synopsis.append(System.lineSeparator()).toString();
  }

  @Override
  public String description(Object... params) {
    StringBuilder all = new StringBuilder();
    for (String paragraph : commandSpec().usageMessage().description()) {
      for (Text line : lines(String.format(paragraph, params))) {
        wrapped(line, width(), width())
            .forEach(part -> all.append(part).append(System.lineSeparator()));
      }
    }
    return all.toString();
  }

  @Override
  public String commandList(Map<String, Help> commands) {
    if (commands.isEmpty()) {
      return "";
    }
    int names = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
    int left = INDENT + names + INDENT;
    StringBuilder all = new StringBuilder();
    commands.forEach(
        (name, help) -> {
          String[] said = help.commandSpec().usageMessage().description();
          Text first = colorScheme().text(said.length == 0 ? "" : said[0]);
          all.append(" ".repeat(INDENT)).append(help.commandNamesText(", "));
          String between = " ".repeat(left - INDENT - name.length());
          for (Text line : wrapped(first, width() - left, width() - left - INDENT)) {
            all.append(between).append(line);
            between = System.lineSeparator() + " ".repeat(left + INDENT);
          }
          all.append(System.lineSeparator());
        });
    return all.toString();
  }

  @Override
  public Layout createDefaultLayout(
      List<OptionSpec> options, List<PositionalParamSpec> parameters, ColorScheme colors) {
    Layout layout = super.createDefaultLayout(options, parameters, colors);
    return new WholeWordsLayout(colors, layout);
  }

  private Text[] lines(String text) {
    return colorScheme().text(text).splitLines();
  }

  /// Breaks a text at its blanks.
  ///
  /// @param first characters of the first line
  /// @param others characters of every other line
  private static List<Text> wrapped(Text text, int first, int others) {
    String plain = text.plainString();
    List<Text> lines = new ArrayList<>();
    int start = skipBlanks(plain, 0);
    while (start < plain.length()) {
      int room = lines.isEmpty() ? first : others;
      int end = lastEnd(plain, start, room);
      lines.add(text.substring(start, end));
      start = skipBlanks(plain, end);
    }
    return lines.isEmpty() ? List.of(text) : lines;
  }

  /// Returns the end of the last word that fits; the first one's where none does.
  private static int lastEnd(String plain, int start, int room) {
    int end = wordEnd(plain, start);
    while (true) {
      int next = wordEnd(plain, skipBlanks(plain, end));
      if (next == end || next - start > room) {
        return end;
      }
      end = next;
    }
  }

  private static int skipBlanks(String text, int at) {
    int next = at;
    while (next < text.length() && text.charAt(next) == ' ') {
      next++;
    }
    return next;
  }

  private static int wordEnd(String text, int at) {
    int blank = text.indexOf(' ', at);
    return blank < 0 ? text.length() : blank;
  }

  /// Breaks what options and parameters are described with before picocli's table sees it.
  private static final class WholeWordsLayout extends Layout {
    WholeWordsLayout(ColorScheme colors, Layout like) {
      super(colors, like.textTable(), like.optionRenderer(), like.parameterRenderer());
    }

    @Override
    public void layout(ArgSpec arg, Text[][] rows) {
      Column[] columns = table.columns();
      int last = columns.length - 1;
      int room = columns[last].width - columns[last].indent;
      List<Text[]> broken = new ArrayList<>();
      for (Text[] row : rows) {
        Text[] first = row.clone();
        String indent = "";
        for (Text line : wrapped(row[last], room, room - INDENT)) {
          first[last] = Help.Ansi.OFF.text(indent).concat(line);
          broken.add(first);
          first = new Text[columns.length];
          Arrays.fill(first, Help.Ansi.OFF.text(""));
          indent = " ".repeat(INDENT);
        }
      }
      super.layout(arg, broken.toArray(Text[][]::new));
    }
  }
}
