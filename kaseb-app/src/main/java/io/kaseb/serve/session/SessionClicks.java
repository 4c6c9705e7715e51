package io.kaseb.serve.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is remembered of a session: its last clicks in the order of their times. No part of it
/// belongs to a model, so every model, node and version reads every session, and a forecast is a
/// function of these clicks alone. Immutable.
///
/// @param created when the session began, milliseconds since 1970
/// @param count clicks so far, those that are no longer kept too
/// @param recent the last ones, by time; of equal times in order of arrival
/// @param olderEvents the event ids of clicks that are no longer kept, in the order in which they
///   went, [#MOST_OLDER_EVENTS] at most
/// @param attributes the session's own attributes by name, numbers as texts
/// @param user the visitor whose session it is, as the shop says with consent; null for none
public record SessionClicks(
    long created,
    long count,
    List<Click> recent,
    List<Long> olderEvents,
    Map<String, String> attributes,
    @Nullable String user) {
  /// Event ids that outlive their clicks: a client that sends a click again, even after so many
  /// newer ones, does not count it twice.
  public static final int MOST_OLDER_EVENTS = 1_000;

  /// Attributes of an event, and of a session.
  public static final int MOST_ATTRIBUTES = 64;

  private static final int VERSION = 1;

  /// Has the ids of older events too; a session without any is written as version 1.
  private static final int VERSION_WITH_OLDER_EVENTS = 2;

  /// Has actions and attributes too; a session of clicks alone is written as one before.
  private static final int VERSION_WITH_ACTIONS = 3;

  /// Has the visitor too; a session without one is written as one before.
  private static final int VERSION_WITH_USER = 4;

  private static final int CATEGORY = 1;
  private static final int EVENT = 2;
  private static final int TIME = 4;
  private static final int ACTION = 8;
  private static final int NO_ITEM = 16;
  private static final int ATTRIBUTES = 32;

  /// Copies the lists.
  public SessionClicks {
    recent = List.copyOf(recent);
    olderEvents = List.copyOf(olderEvents);
    attributes = Map.copyOf(attributes);
  }

  /// Creates a session whose clicks are all kept, or had no event ids.
  public SessionClicks(long created, long count, List<Click> recent) {
    this(created, count, recent, List.of(), Map.of(), null);
  }

  /// Returns a session without clicks.
  public static SessionClicks begin(long now) {
    return new SessionClicks(now, 0, List.of());
  }

  /// Returns whether an event is known: one of a kept click, or of the last that went.
  public boolean has(long event) {
    return event != 0
        && (recent.stream().anyMatch(c -> c.event() == event) || olderEvents.contains(event));
  }

  /// Returns the time that a click gets whose client gave none: now, but never before an earlier
  /// click, so that a clock set back changes no order.
  public long stamp(long now) {
    return recent.isEmpty() ? now : Math.max(now, recent.getLast().time());
  }

  /// Returns whether a click came after one of a later time.
  public boolean isLate(Click click) {
    return !recent.isEmpty() && click.time() < recent.getLast().time();
  }

  /// Returns the session with one more click, at its place in time.
  ///
  /// @param most how many clicks are kept; the oldest go
  public SessionClicks plus(Click click, int most) {
    int at = recent.size();
    while (at > 0 && recent.get(at - 1).time() > click.time()) {
      at--;
    }
    List<Click> more = new ArrayList<>(recent);
    more.add(at, click);
    int gone = Math.max(0, more.size() - most);
    List<Long> events = olderEvents;
    for (Click old : more.subList(0, gone)) {
      events = old.event() == 0 ? events : plus(events, old.event());
    }
    return new SessionClicks(
        created, count + 1, more.subList(gone, more.size()), events, attributes, user);
  }

  /// Returns the session with further attributes of its own; the first of two values stays, as in
  /// training.
  public SessionClicks with(Map<String, String> more) {
    if (attributes.keySet().containsAll(more.keySet())) {
      return this;
    }
    Map<String, String> all = new TreeMap<>(more);
    all.putAll(attributes);
    return new SessionClicks(created, count, recent, olderEvents, all, user);
  }

  /// Returns the session as one of a visitor; the first that was told stays.
  ///
  /// @param visitor the shop's id of the visitor, or null
  public SessionClicks of(@Nullable String visitor) {
    return visitor == null || user != null
        ? this
        : new SessionClicks(created, count, recent, olderEvents, attributes, visitor);
  }

  private int version() {
    if (user != null) {
      return VERSION_WITH_USER;
    }
    if (!attributes.isEmpty() || !recent.stream().allMatch(Click::isPlain)) {
      return VERSION_WITH_ACTIONS;
    }
    return olderEvents.isEmpty() ? VERSION : VERSION_WITH_OLDER_EVENTS;
  }

  private static List<Long> plus(List<Long> events, long event) {
    List<Long> more = new ArrayList<>(events);
    more.add(event);
    return more.subList(Math.max(0, more.size() - MOST_OLDER_EVENTS), more.size());
  }

  /// Returns the bytes of a session: about 25 a click, 8 an older event.
  public byte[] encode() {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(16 + 32 * recent.size() + 8 * olderEvents.size());
    int version = version();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(version);
      number(out, created);
      number(out, count);
      number(out, recent.size());
      long before = created;
      for (Click click : recent) {
        write(out, click, before);
        before = click.time() < 0 ? before : click.time();
      }
      if (version != VERSION) {
        number(out, olderEvents.size());
        for (long event : olderEvents) {
          out.writeLong(event);
        }
      }
      if (version >= VERSION_WITH_ACTIONS) {
        write(out, attributes);
      }
      if (user != null) {
        out.writeUTF(user);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Click click, long before) throws IOException {
    boolean isAction = !click.action().equals(Click.VIEW);
    out.writeByte(
        (click.category() == null ? 0 : CATEGORY)
            | (click.event() == 0 ? 0 : EVENT)
            | (click.time() < 0 ? 0 : TIME)
            | (isAction ? ACTION : 0)
            | (click.item() == null ? NO_ITEM : 0)
            | (click.attributes().isEmpty() ? 0 : ATTRIBUTES));
    if (click.item() != null) {
      out.writeUTF(click.item());
    }
    if (click.time() >= 0) {
      long step = click.time() - before;
      number(out, step << 1 ^ step >> 63);
    }
    if (click.category() != null) {
      out.writeUTF(click.category());
    }
    if (click.event() != 0) {
      out.writeLong(click.event());
    }
    if (isAction) {
      out.writeUTF(click.action());
    }
    if (!click.attributes().isEmpty()) {
      write(out, click.attributes());
    }
  }

  private static void write(DataOutputStream out, Map<String, String> attributes)
      throws IOException {
    number(out, attributes.size());
    // In order of their names: equal sessions have equal bytes.
    for (Map.Entry<String, String> entry : new TreeMap<>(attributes).entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  /// Reads what [#encode()] wrote.
  ///
  /// @throws IllegalArgumentException where the bytes are none of that
  public static SessionClicks decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version < VERSION || version > VERSION_WITH_USER) {
        throw new IllegalArgumentException("session format " + version);
      }
      long created = number(in);
      long count = number(in);
      int n = (int) number(in);
      Click[] clicks = new Click[Math.clamp(n, 0, bytes.length)];
      long before = created;
      for (int i = 0; i < clicks.length; i++) {
        clicks[i] = click(in, before);
        before = clicks[i].time() < 0 ? before : clicks[i].time();
      }
      Long[] older = new Long[version == VERSION ? 0 : olderEvents(number(in))];
      for (int i = 0; i < older.length; i++) {
        older[i] = in.readLong();
      }
      return new SessionClicks(
          created,
          count,
          Arrays.asList(clicks),
          Arrays.asList(older),
          version >= VERSION_WITH_ACTIONS ? attributes(in) : Map.of(),
          version == VERSION_WITH_USER ? in.readUTF() : null);
    } catch (IOException e) {
      throw new IllegalArgumentException("a session's bytes are damaged", e);
    }
  }

  private static Click click(DataInputStream in, long before) throws IOException {
    int flags = in.readByte();
    String item = (flags & NO_ITEM) == 0 ? in.readUTF() : null;
    long time = -1;
    if ((flags & TIME) != 0) {
      long step = number(in);
      time = before + (step >>> 1 ^ -(step & 1));
    }
    String category = (flags & CATEGORY) == 0 ? null : in.readUTF();
    long event = (flags & EVENT) == 0 ? 0 : in.readLong();
    String action = (flags & ACTION) == 0 ? Click.VIEW : in.readUTF();
    return new Click(
        item, category, time, event, action, (flags & ATTRIBUTES) == 0 ? Map.of() : attributes(in));
  }

  private static Map<String, String> attributes(DataInputStream in) throws IOException {
    Map<String, String> attributes = new TreeMap<>();
    long n = number(in);
    if (n < 0 || n > MOST_ATTRIBUTES) {
      throw new IOException(n + " attributes");
    }
    for (long i = 0; i < n; i++) {
      attributes.put(in.readUTF(), in.readUTF());
    }
    return attributes;
  }

  private static int olderEvents(long count) throws IOException {
    if (count < 0 || count > MOST_OLDER_EVENTS) {
      throw new IOException(count + " older events");
    }
    return (int) count;
  }

  private static void number(DataOutputStream out, long value) throws IOException {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.writeByte((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static long number(DataInputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int part = in.readByte();
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new IOException("a number of more than 64 bits");
  }
}
