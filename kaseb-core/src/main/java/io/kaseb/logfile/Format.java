package io.kaseb.logfile;

import static io.kaseb.logfile.Format.Layout.DELIMITED;
import static io.kaseb.logfile.Format.Layout.JSON_LINES;
import static io.kaseb.logfile.Format.Layout.NESTED_JSON_LINES;
import static io.kaseb.logfile.Format.Layout.PARQUET;
import static io.kaseb.logfile.Format.Layout.SESSION_LINES;
import static io.kaseb.logfile.Format.SessionRule.AS_LOGGED;
import static io.kaseb.logfile.Format.SessionRule.CUT_AT_GAPS;
import static io.kaseb.logfile.Format.SessionRule.CUT_AT_GAPS_FOR_GRU4REC;

import io.kaseb.base.KasebException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A kind of click log, as one row of data: where its columns are, how it writes times, which event
/// types it has and what a session is. [#ALL] is the table of all formats.
///
/// @param name the name that users choose it by
/// @param layout how rows lie in the file
/// @param delimiter the sign between columns; 0 where the header line shows it
/// @param header column names of a file without a header line; empty where the file has one
/// @param columns which column is what; null where the user must say
/// @param timeForm how times are written
/// @param sessionRule whether sessions are cut at long gaps
/// @param protocol the protocol that applies where none is asked for
/// @param testDays how many days the protocol `gru4rec` holds back for the test
/// @param missing words that stand for a value that is not there
/// @param actions which action each word of the column `type` stands for
/// @param attributes what else is read of events, sessions, users and items
public record Format(
    String name,
    Layout layout,
    char delimiter,
    List<String> header,
    @Nullable LogColumns columns,
    TimeForm timeForm,
    SessionRule sessionRule,
    Protocol protocol,
    int testDays,
    List<String> missing,
    ActionWords actions,
    List<LogAttribute> attributes) {
  /// What programs write for a value that is not there, besides nothing at all.
  public static final List<String> MISSING =
      List.of("NULL", "null", "NaN", "nan", "None", "\\N", "<NA>");

  /// Copies the attributes.
  public Format {
    attributes = List.copyOf(attributes);
  }

  private Format(
      String name,
      Layout layout,
      char delimiter,
      List<String> header,
      @Nullable LogColumns columns,
      TimeForm timeForm,
      SessionRule sessionRule,
      Protocol protocol,
      int testDays) {
    this(
        name,
        layout,
        delimiter,
        header,
        columns,
        timeForm,
        sessionRule,
        protocol,
        testDays,
        MISSING,
        ActionWords.USUAL,
        List.of());
  }

  /// A gap of more seconds than this starts a new session where the session rule cuts.
  static final int GAP_SECONDS = 3600;

  /// How rows lie in a file.
  public enum Layout {
    /// Text columns, one event a line.
    DELIMITED,
    /// A Parquet file, one event a row.
    PARQUET,
    /// One JSON object a line, one event each.
    JSON_LINES,
    /// One session a line: item ids apart by blanks.
    SESSION_LINES,
    /// One JSON object a line, one session each, with its events nested (OTTO).
    NESTED_JSON_LINES
  }

  /// What a session is.
  public enum SessionRule {
    /// Sessions are as the log says.
    AS_LOGGED,
    /// The log names visitors: a gap of over an hour starts a new session.
    CUT_AT_GAPS,
    /// As logged, but the protocol `gru4rec` starts a new session at a gap of over an hour.
    CUT_AT_GAPS_FOR_GRU4REC
  }

  private static final String RECBOLE = "recbole";
  private static final char SHOWN_BY_HEADER = 0;
  private static final List<String> HEADER_LINE = List.of();

  /// Every format, one row each.
  public static final List<Format> ALL =
      List.of(
          new Format(
              "yoochoose",
              DELIMITED,
              ',',
              List.of("session", "time", "item", "category"),
              same("session", "time", "item", "category"),
              TimeForm.TEXT,
              AS_LOGGED,
              Protocol.RSC15,
              1),
          new Format(
              "tsv",
              DELIMITED,
              '\t',
              HEADER_LINE,
              LogColumns.parse("session=SessionId,item=ItemId,time=Time"),
              TimeForm.SECONDS,
              AS_LOGGED,
              Protocol.NONE,
              1),
          new Format(
              "sessions",
              SESSION_LINES,
              ' ',
              HEADER_LINE,
              same("session", "item"),
              TimeForm.NONE,
              AS_LOGGED,
              Protocol.NONE,
              1),
          new Format(
              "csv",
              DELIMITED,
              SHOWN_BY_HEADER,
              HEADER_LINE,
              null,
              TimeForm.ANY,
              AS_LOGGED,
              Protocol.GRU4REC,
              1),
          new Format(
              "parquet",
              PARQUET,
              ' ',
              HEADER_LINE,
              null,
              TimeForm.ANY,
              AS_LOGGED,
              Protocol.GRU4REC,
              1),
          new Format(
              "jsonl",
              JSON_LINES,
              ' ',
              HEADER_LINE,
              null,
              TimeForm.ANY,
              AS_LOGGED,
              Protocol.GRU4REC,
              1),
          new Format(
              "retailrocket",
              DELIMITED,
              ',',
              HEADER_LINE,
              LogColumns.parse(
                  "session=visitorid,item=itemid,time=timestamp,type=event,user=visitorid"),
              TimeForm.MILLIS,
              CUT_AT_GAPS,
              Protocol.GRU4REC,
              7),
          new Format(
                  "rees46",
                  DELIMITED,
                  ',',
                  HEADER_LINE,
                  LogColumns.parse(
                      "session=user_session,item=product_id,time=event_time,type=event_type,"
                          + "category=category_id,price=price,user=user_id"),
                  TimeForm.TEXT,
                  CUT_AT_GAPS_FOR_GRU4REC,
                  Protocol.GRU4REC,
                  1)
              .withAttributes(
                  LogAttribute.optional(
                      LogAttribute.parse(
                          "brand:category@item,category_id:category@item,price:number@event"))),
          new Format(
              "diginetica",
              DELIMITED,
              ';',
              HEADER_LINE,
              LogColumns.parse("session=sessionId,item=itemId,time=timeframe,date=eventdate"),
              TimeForm.DATE_AND_MILLIS,
              AS_LOGGED,
              Protocol.GRU4REC,
              7),
          new Format(
              "otto",
              NESTED_JSON_LINES,
              ' ',
              HEADER_LINE,
              LogColumns.parse("session=session,item=aid,time=ts,type=type"),
              TimeForm.MILLIS,
              AS_LOGGED,
              Protocol.GRU4REC,
              1),
          new Format(
              RECBOLE,
              DELIMITED,
              '\t',
              HEADER_LINE,
              LogColumns.parse(
                  "session=session_id:token,item=item_id:token,time=timestamp:float,"
                      + "user=user_id:token"),
              TimeForm.SECONDS,
              AS_LOGGED,
              Protocol.GRU4REC,
              1));

  private static final Format YOOCHOOSE_BUYS =
      new Format(
          "yoochoose",
          DELIMITED,
          ',',
          List.of("session", "time", "item", "price", "quantity"),
          same("session", "time", "item", "price", "quantity"),
          TimeForm.TEXT,
          AS_LOGGED,
          Protocol.NONE,
          1);

  /// Returns the names of all formats.
  public static List<String> names() {
    return ALL.stream().map(Format::name).toList();
  }

  /// Returns the format of a name.
  public static Format of(String name) {
    return ALL.stream()
        .filter(format -> format.name.equals(name))
        .findFirst()
        .orElseThrow(() -> KasebException.ofUnknown("format", name, names()));
  }

  /// Returns this format with the columns that the user named.
  public Format with(LogColumns named) {
    if (layout == Layout.SESSION_LINES || !header.isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("columns"),
              null,
              null,
              "the format %s has fixed columns; leave them out, or use csv, parquet or jsonl"
                  .formatted(name)));
    }
    TimeForm form = named.of("date") != null ? TimeForm.DATE_AND_MILLIS : timeForm;
    if (named.of("time") == null) {
      form = TimeForm.NONE;
    } else if (named.of("date") == null && timeForm == TimeForm.DATE_AND_MILLIS) {
      form = TimeForm.ANY;
    }
    return changed(named, form, missing, actions, attributes);
  }

  private Format changed(
      @Nullable LogColumns otherColumns,
      TimeForm form,
      List<String> words,
      ActionWords otherActions,
      List<LogAttribute> otherAttributes) {
    return new Format(
        name,
        layout,
        delimiter,
        header,
        otherColumns,
        form,
        sessionRule,
        protocol,
        testDays,
        words,
        otherActions,
        otherAttributes);
  }

  /// Returns this format with other words for a value that is not there.
  public Format withMissing(List<String> words) {
    return changed(columns, timeForm, List.copyOf(words), actions, attributes);
  }

  /// Returns this format with actions for words of the log.
  public Format withActions(ActionWords words) {
    return changed(columns, timeForm, missing, words, attributes);
  }

  /// Returns this format with other attributes.
  public Format withAttributes(List<LogAttribute> named) {
    return changed(columns, timeForm, missing, actions, named);
  }

  /// Returns whether a column says who the visitor is.
  public boolean hasUsers() {
    return columns != null && columns.of("user") != null;
  }

  /// Returns whether a log may lack a role's column: a published log's column of visitors, which
  /// who kept it may have left out.
  boolean mayLack(String role) {
    return role.equals("user") && Objects.equals(columns, of(name).columns);
  }

  /// Returns whether a column says what each event is.
  boolean isTyped() {
    return layout != Layout.SESSION_LINES && namedColumns().of("type") != null;
  }

  /// Returns the layout of a file of purchases: this format, where the file's columns are those of
  /// the log, else YOOCHOOSE's (session, time, item, price, quantity; no header).
  public Format buys(SourceFile file) {
    boolean own =
        switch (layout) {
          case PARQUET -> true;
          case JSON_LINES, NESTED_JSON_LINES -> file.firstLine().strip().startsWith("{");
          case SESSION_LINES -> false;
          case DELIMITED ->
              header.isEmpty()
                  && columns != null
                  && new SourceRows(this, file, 0).header().containsAll(needed(columns));
        };
    return own ? this : YOOCHOOSE_BUYS.withMissing(missing);
  }

  private static List<String> needed(LogColumns columns) {
    return Stream.of(columns.of("session"), columns.of("item")).filter(Objects::nonNull).toList();
  }

  /// Returns whether quotation marks around a value are taken off. Logs of numbers have none: there
  /// a mark belongs to the value.
  boolean isQuoted() {
    return layout == Layout.DELIMITED && !List.of("yoochoose", "tsv", RECBOLE).contains(name);
  }

  /// Returns the column that plays a role where the role's own is not there: RecBole's logs of
  /// users have no sessions, and all that a user did is one.
  @Nullable String instead(String role) {
    boolean own = name.equals(RECBOLE) && Objects.equals(columns, of(name).columns);
    return own && role.equals("session") ? namedColumns().of("user") : null;
  }

  /// Returns whether its events have times.
  public boolean hasTimes() {
    return timeForm != TimeForm.NONE;
  }

  /// Returns the gap in seconds above which a new session starts under a protocol; 0: never.
  public int sessionGapSeconds(Protocol under) {
    return sessionRule == CUT_AT_GAPS
            || (sessionRule == CUT_AT_GAPS_FOR_GRU4REC && under == Protocol.GRU4REC)
        ? GAP_SECONDS
        : 0;
  }

  /// Returns the columns, or says how to name them.
  LogColumns namedColumns() {
    if (columns == null) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("format"),
              name,
              null,
              "its columns have no names of their own; name them, as in " + LogColumns.EXAMPLE));
    }
    return columns;
  }

  private static LogColumns same(String... roles) {
    return new LogColumns(Stream.of(roles).collect(Collectors.toMap(role -> role, role -> role)));
  }
}
