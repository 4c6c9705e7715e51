package io.kaseb.pipeline;

import io.kaseb.base.DelimitedText;
import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The file of answers: lines `session;item,item,...`, as the RecSys Challenge 2015 has them. Ids
/// that hold a delimiter, a quotation mark or a line break are quoted as in CSV: the line is one
/// with two fields apart by `;`, and the second field is itself one with fields apart by `,`.
final class AnswerFile {
  private AnswerFile() {}

  /// One session's answer.
  ///
  /// @param place the file and the line
  record Answer(String place, String session, List<String> items) {}

  /// Writes an answer as a line, with its end.
  static String line(String session, List<String> items) {
    return DelimitedText.line(';', List.of(session, DelimitedText.line(',', items))) + "\n";
  }

  /// Reads a file of answers; blank lines are none.
  static List<Answer> read(Path file) throws IOException {
    DelimitedText text = new DelimitedText(TextFiles.read(file));
    List<Answer> answers = new ArrayList<>();
    while (text.hasNext()) {
      String place = file + ":" + text.line();
      try {
        String session = text.field(';');
        boolean isAnswer = text.skip(';');
        List<String> items = isAnswer ? items(text.rest()) : List.of();
        text.skipLineEnd();
        if (isAnswer && !session.isEmpty()) {
          answers.add(new Answer(place, session, items));
        } else if (isAnswer || !session.isEmpty()) {
          throw new KasebException(
              new KasebException.Problem(
                  place, null, "session;item,item,... as in 11;214821275", null));
        }
      } catch (KasebException e) {
        throw e.problem() == null ? unreadable(place, e) : e;
      }
    }
    return answers;
  }

  private static List<String> items(String list) {
    return DelimitedText.fields(',', list).stream().filter(item -> !item.isEmpty()).toList();
  }

  private static KasebException unreadable(String place, KasebException cause) {
    return new KasebException(
        new KasebException.Problem(
            place,
            cause.getMessage(),
            null,
            "an id with a quotation mark stands between quotation marks, the mark doubled"),
        cause);
  }
}
