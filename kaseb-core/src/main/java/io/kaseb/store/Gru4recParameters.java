package io.kaseb.store;

import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the parameters that GRU4Rec's official versions are started with: the text of `-ps`, and
/// the Python file of `-pf`, which is read as the plain values that it consists of and never run.
public final class Gru4recParameters {
  /// What GRU4Rec's PyTorch version takes where a parameter is not given. (The Theano version has
  /// the same, but for a batch of 32.)
  public static final Map<String, String> DEFAULTS = defaults();

  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?m)^[ \\t]*gru4rec_params[ \\t]*(?::[^=\\n]*)?=");
  private static final Pattern NEXT_PAIR = Pattern.compile(",(?=\\s*[A-Za-z_]\\w*\\s*=)");

  private Gru4recParameters() {}

  private static Map<String, String> defaults() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("loss", "cross-entropy");
    all.put("layers", "100");
    all.put("batch_size", "64");
    all.put("dropout_p_embed", "0");
    all.put("dropout_p_hidden", "0");
    all.put("learning_rate", "0.05");
    all.put("momentum", "0");
    all.put("sample_alpha", "0.5");
    all.put("n_sample", "2048");
    all.put("embedding", "0");
    all.put("constrained_embedding", "True");
    all.put("n_epochs", "10");
    all.put("bpreg", "1");
    all.put("elu_param", "0.5");
    all.put("logq", "0");
    return Collections.unmodifiableMap(all);
  }

  /// Reads a text of `key=value` apart by commas, as in `loss=bpr-max,layers=100/100`.
  ///
  /// @param place where it comes from, for messages
  public static Map<String, String> parse(String place, String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : NEXT_PAIR.split(text, -1)) {
      int at = pair.indexOf('=');
      String key = at < 0 ? "" : pair.substring(0, at).strip();
      if (key.isEmpty()) {
        throw new KasebException(
            new KasebException.Problem(
                place,
                pair.isBlank() ? "a pair is empty" : pair.strip(),
                "key=value apart by commas, as in loss=bpr-max,layers=100/100",
                null));
      }
      put(place, pairs, key, pair.substring(at + 1).strip());
    }
    return pairs;
  }

  /// Reads a Python file that sets `gru4rec_params` to an `OrderedDict` or a dict of plain values.
  public static Map<String, String> read(Path file) throws IOException {
    String text = TextFiles.read(file);
    Matcher assignment = ASSIGNMENT.matcher(text);
    if (!assignment.find()) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "sets no gru4rec_params",
              "a file as GRU4Rec's -pf takes it: gru4rec_params = OrderedDict([('layers', [100]),"
                  + " ...])",
              null));
    }
    Reader reader = new Reader(file.toString(), text, assignment.end());
    Map<String, String> pairs = reader.pairs();
    reader.checkThatItStays();
    return pairs;
  }

  private static void put(String place, Map<String, String> pairs, String key, String value) {
    if (pairs.put(key, value) != null) {
      throw new KasebException(
          new KasebException.Problem(place, key + " stands twice", null, "leave one of them out"));
    }
  }

  /// Reads a dict of Python's literals, from the sign after its `=`.
  private static final class Reader {
    private static final Pattern TOKEN =
        Pattern.compile(
            "'(?:[^'\\\\\\n]|\\\\.)*'|\"(?:[^\"\\\\\\n]|\\\\.)*\"|[A-Za-z_][\\w.]*"
                + "|[-+]?(?:\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)(?:[eE][-+]?\\d+)?|.");
    private static final Pattern BLANK = Pattern.compile("(?:\\s|#[^\\n]*|\\\\\\r?\\n)*");

    private final String file;
    private final String text;
    private int at;
    private int begin;

    Reader(String file, String text, int at) {
      this.file = file;
      this.text = text;
      this.at = at;
    }

    Map<String, String> pairs() {
      Map<String, String> pairs = new LinkedHashMap<>();
      String first = token();
      if (first.equals("OrderedDict") || first.equals("collections.OrderedDict")) {
        expect("(");
        if (!isNext(")")) {
          all(pairs, token());
          isNext(",");
          expect(")");
        }
      } else if (first.equals("dict")) {
        expect("(");
        while (!isNext(")")) {
          String key = token();
          expect("=");
          put(place(), pairs, key, value(token()));
          comma(")");
        }
      } else {
        all(pairs, first);
      }
      return pairs;
    }

    /// Checks that the file says nothing further of what was read: it would not be heeded.
    void checkThatItStays() {
      int end = text.indexOf('\n', at);
      String line = text.substring(at, end < 0 ? text.length() : end);
      if (!line.matches("[\\s;]*(?:#.*)?")) {
        throw unexpected(
            token(), "the end of the line: gru4rec_params is set once, to plain values");
      }
      for (String found = token(); !found.isEmpty(); found = token()) {
        if (found.matches("gru4rec_params(?:\\..*)?")) {
          throw unexpected(found, "named once: what changes it later is not run");
        }
      }
    }

    /// Reads a dict, or a list of pairs.
    private void all(Map<String, String> pairs, String open) {
      boolean dict = open.equals("{");
      if (!dict && !open.equals("[")) {
        throw unexpected(open, "OrderedDict([...]), dict(...) or {...}");
      }
      String close = dict ? "}" : "]";
      while (!isNext(close)) {
        if (!dict) {
          expect("(");
        }
        String key = key(token());
        expect(dict ? ":" : ",");
        put(place(), pairs, key, value(token()));
        if (!dict) {
          isNext(",");
          expect(")");
        }
        comma(close);
      }
    }

    private String key(String token) {
      if (!isText(token)) {
        throw unexpected(token, "a parameter's name in quotation marks");
      }
      return unquoted(token);
    }

    private String value(String token) {
      if (isText(token)) {
        return unquoted(token);
      }
      if (token.equals("[") || token.equals("(")) {
        List<String> parts = new ArrayList<>();
        String close = token.equals("[") ? "]" : ")";
        while (!isNext(close)) {
          parts.add(value(token()));
          comma(close);
        }
        return parts.toString();
      }
      if (!token.matches("[-+]?\\.?\\d.*") && !List.of("True", "False", "None").contains(token)) {
        throw unexpected(token, "a text, a number, True, False, None or a list of these");
      }
      return token.replace("_", "");
    }

    private static boolean isText(String token) {
      return token.length() > 1 && (token.startsWith("'") || token.startsWith("\""));
    }

    private static String unquoted(String token) {
      return token.substring(1, token.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    private void comma(String close) {
      if (!isNext(",") && !isAhead(close)) {
        throw unexpected(token(), "a comma or " + close);
      }
    }

    private void expect(String sign) {
      String found = token();
      if (!found.equals(sign)) {
        throw unexpected(found, sign);
      }
    }

    private boolean isAhead(String sign) {
      int before = at;
      boolean is = token().equals(sign);
      at = before;
      return is;
    }

    private boolean isNext(String sign) {
      boolean is = isAhead(sign);
      if (is) {
        token();
      }
      return is;
    }

    /// Returns the next token, empty at the end.
    private String token() {
      Matcher blank = BLANK.matcher(text).region(at, text.length());
      begin = blank.lookingAt() ? blank.end() : at;
      Matcher token = TOKEN.matcher(text).region(begin, text.length());
      at = token.lookingAt() ? token.end() : begin;
      return text.substring(begin, at);
    }

    private String place() {
      return file + ":" + (1 + text.substring(0, begin).chars().filter(c -> c == '\n').count());
    }

    private KasebException unexpected(String found, String allowed) {
      String shown = found.isEmpty() ? "ends too early" : found;
      return new KasebException(new KasebException.Problem(place(), shown, allowed, null));
    }
  }
}
