package io.kaseb.intentfit;

import io.kaseb.data.LabelledSessions;
import io.kaseb.event.Actions;
import io.kaseb.model.Sessions;
import io.kaseb.signal.Coding;
import io.kaseb.signal.LearnedSignals;
import io.kaseb.signal.Schema;
import io.kaseb.signal.SignalCounts;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Writes what a log's events have beyond clicks as a model's [Schema] lays it out, and counts a
/// training period's sessions into [SignalCounts].
///
/// While training, a session's rates come from [#ordered]: from earlier sessions alone, as those of
/// [StatisticsCounter] do, and for the same reason.
final class SignalRows {
  private final LabelledSessions labelled;
  private final Schema schema;
  private final LearnedSignals learned;
  private final int[] actions;
  private final @Nullable CodedColumn[] columns;
  private final float[] rows;

  private SignalRows(LabelledSessions labelled, LearnedSignals learned) {
    this.labelled = labelled;
    this.learned = learned;
    this.schema = learned.schema();
    Actions names = labelled.signals().names();
    this.actions =
        IntStream.range(0, names.count())
            .map(n -> schema.actions().indexOf(names.word(n)))
            .toArray();
    this.columns = new CodedColumn[schema.attributes().size()];
    for (int a = 0; a < columns.length; a++) {
      columns[a] = CodedColumn.of(schema.attributes().get(a), labelled.signals().attributes());
    }
    this.rows = new float[labelled.sessions().events() * schema.width()];
  }

  /// Returns the floats of all events, each session's rates being those of the sessions before it;
  /// afterwards the counts have them all.
  static float[] ordered(LabelledSessions labelled, LearnedSignals learned) {
    SignalRows rows = new SignalRows(labelled, learned);
    if (!learned.schema().isEmpty()) {
      for (int s = 0; s < labelled.count(); s++) {
        rows.write(s);
        rows.count(s);
      }
    }
    return rows.rows;
  }

  /// Returns the floats of all events, rates being the counts as they are.
  static float[] fixed(LabelledSessions labelled, LearnedSignals learned) {
    SignalRows rows = new SignalRows(labelled, learned);
    if (!learned.schema().isEmpty()) {
      for (int s = 0; s < labelled.count(); s++) {
        rows.write(s);
      }
    }
    return rows.rows;
  }

  private void write(int s) {
    Sessions sessions = labelled.sessions();
    for (int e = sessions.start(s); e < sessions.end(s); e++) {
      int at = e * schema.width();
      schema.begin(actions[labelled.signals().action(e)], rows, at);
      for (int a = 0; a < columns.length; a++) {
        value(a, s, e, at + schema.at(a));
      }
      learned.counts().rates(labelled.item(e), rows, at);
    }
  }

  private void value(int a, int s, int e, int at) {
    CodedColumn column = columns[a];
    if (column == null) {
      learned.item(a, labelled.item(e), rows, at);
      return;
    }
    int row =
        switch (column.values().attribute().level()) {
          case EVENT -> e;
          case SESSION, USER -> s;
          case ITEM -> labelled.sessions().items()[e];
        };
    column.write(row, rows, at);
  }

  private void count(int s) {
    Sessions sessions = labelled.sessions();
    boolean buys = labelled.purchases().any(s);
    SignalCounts counts = learned.counts();
    counts.session(buys);
    int from = sessions.start(s);
    int to = sessions.end(s);
    for (int a = 0; a < columns.length; a++) {
      Coding coding = schema.attributes().get(a);
      if (!coding.isNumber()) {
        count(a, coding, from, to, buys);
      }
    }
    for (int c = 0; c < schema.generated().crosses().size(); c++) {
      cross(c, from, to, buys);
    }
    if (schema.actions().isEmpty()) {
      return;
    }
    int[] items =
        Arrays.stream(sessions.items(), from, to).filter(i -> i >= 0).distinct().toArray();
    for (int item : items) {
      boolean isCarted = false;
      for (int e = from; e < to; e++) {
        isCarted |= sessions.items()[e] == item && labelled.signals().action(e) == Actions.CART;
      }
      boolean isBought = buys && labelled.purchases().bought(s, item);
      counts.item(labelled.index(item), isCarted, isBought);
    }
  }

  /// Counts each of a session's pairs of a cross once.
  private void cross(int c, int from, int to, boolean buys) {
    int[] slots =
        IntStream.range(from, to)
            .map(e -> learned.counts().slot(c, rows, e * schema.width()))
            .distinct()
            .toArray();
    for (int slot : slots) {
      learned.counts().cross(c, slot, buys);
    }
  }

  /// Counts each of a session's values of an attribute once.
  private void count(int a, Coding coding, int from, int to, boolean buys) {
    boolean[] seen = new boolean[coding.names().size() + 1];
    int first = schema.at(a) + coding.codesAt();
    for (int e = from; e < to; e++) {
      for (int i = 0; i < coding.codes(); i++) {
        int code = (int) rows[e * schema.width() + first + i];
        if (code < 0 && i > 0) {
          break;
        }
        int at = code < 0 ? seen.length - 1 : code;
        if (!seen[at]) {
          seen[at] = true;
          learned.counts().value(a, code, buys);
        }
      }
    }
  }
}
