package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The pages of the project: their links lead somewhere, the commands in them are commands of
/// today, the files that they send a contributor to exist.
class PagesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+");

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("docs/decisions"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  /// Returns a page's lines outside of its blocks of code.
  private static List<String> prose(Path page) throws IOException {
    List<String> prose = new ArrayList<>();
    boolean code = false;
    for (String line : Files.readAllLines(page)) {
      if (line.strip().startsWith("```")) {
        code = !code;
      } else if (!code) {
        prose.add(line);
      }
    }
    return prose;
  }

  /// Returns the anchors that GitHub gives a page's headings.
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new LinkedHashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String line : prose(page)) {
      if (line.matches("#{1,6} .*")) {
        String text = line.replaceFirst("#+ ", "").replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
        String anchor =
            text.strip().toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
        int before = seen.merge(anchor, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return anchors;
  }

  @Test
  void everyInternalLinkAndAnchorIsThere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      for (String line : prose(page)) {
        Matcher link = LINK.matcher(line.replaceAll("`[^`]*`", ""));
        while (link.find()) {
          String target = link.group(1);
          if (target.matches("[a-z]+:.*")) {
            continue;
          }
          links++;
          String[] parts = target.split("#", 2);
          Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
          boolean whole =
              Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
          if (!whole) {
            broken.add(page + ": " + target);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(50);
  }

  /// Returns the command lines of a page's blocks, with what is continued on the next line.
  static List<String> commands(Path page) throws IOException {
    List<String> commands = new ArrayList<>();
    boolean code = false;
    StringBuilder open = new StringBuilder();
    for (String line : Files.readAllLines(page)) {
      if (line.strip().startsWith("```")) {
        code = !code;
        continue;
      }
      if (!code) {
        continue;
      }
      String text = line.strip();
      if (text.endsWith("\\")) {
        open.append(text, 0, text.length() - 1).append(' ');
        continue;
      }
      String command =
          (open + text).replaceFirst("^\\$ ", "").replaceFirst("^(?:[A-Z_]+=\\S+ )+", "");
      open.setLength(0);
      if (command.matches("(?:\\./)?kaseb [a-z].*")) {
        commands.add(command.replaceFirst("^\\./", ""));
      }
    }
    return commands;
  }

  @Test
  void everyCommandInABlockIsOneOfTodays() throws IOException {
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    CommandLine kaseb = new CommandLine(new Main());
    for (Path page : pages()) {
      for (String command : commands(page)) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command.replaceAll(" (?:[|&>]|2>|#).*", ""));
        while (word.find()) {
          words.add(word.group().replaceAll("['\"]", ""));
        }
        // The measurements come from a module above this one, which checks its own.
        if (words.get(1).equals("bench") || words.contains("...")) {
          continue;
        }
        tried++;
        try {
          kaseb.parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        } catch (CommandLine.ParameterException e) {
          // The reader's own configuration of a server is read while the command is.
          if (!String.valueOf(e.getMessage()).endsWith("cannot be read: serve.yaml")) {
            wrong.add(page + ": " + command + ": " + e.getMessage());
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(tried).isGreaterThan(30);
  }

  /// Returns all types that the sources or tests have, each by its own name.
  private static Map<String, String> types() throws IOException {
    Map<String, String> types = new HashMap<>();
    try (Stream<Path> files = Files.walk(ROOT, 20)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*[/\\\\]src[/\\\\].*\\.java")).toList()) {
        types.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return types;
  }

  @Test
  void whatAContributorIsSentToExists() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/architecture.md"));
    String table = page.substring(page.indexOf("## To add ..."));
    assertThat(table)
        .contains(
            "| a loss |",
            "| a cell |",
            "| a sampler |",
            "| a pruner |",
            "| a log format |",
            "| a metric |");
    assertThat(Files.readString(ROOT.resolve("CONTRIBUTING.md")))
        .contains("docs/architecture.md#to-add-");
    Map<String, String> types = types();
    List<String> missing = new ArrayList<>();
    Matcher name = Pattern.compile("`((?:[a-z]+\\.)*)([A-Z]\\w+)((?:\\.\\w+)*)`").matcher(table);
    int names = 0;
    while (name.find()) {
      names++;
      String source = types.get(name.group(2));
      boolean there = source != null;
      for (String member : name.group(3).split("\\.")) {
        there &= source != null && source.contains(member);
      }
      if (!there) {
        missing.add(name.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(names).isGreaterThan(30);
  }
}
