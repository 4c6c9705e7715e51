package io.kaseb.serve.session;

import io.kaseb.event.Visitor;
import io.kaseb.event.VisitorSessions;
import io.kaseb.event.VisitorSessions.Item;
import io.kaseb.event.VisitorSessions.Visit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes what is remembered of a visitor as bytes, some 40 a session and 10 an item, and reads it
/// again.
final class VisitorBytes {
  private static final int VERSION = 1;

  private VisitorBytes() {}

  static byte[] encode(VisitorSessions visitor) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      Visit older = visitor.older();
      out.writeBoolean(older != null);
      if (older != null) {
        write(out, older);
      }
      out.writeByte(visitor.visits().size());
      for (Visit visit : visitor.visits()) {
        write(out, visit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Visit visit) throws IOException {
    out.writeLong(visit.key());
    out.writeInt(visit.sessions());
    out.writeInt(visit.bought());
    out.writeLong(visit.start());
    out.writeLong(visit.end());
    out.writeByte(visit.items().size());
    for (Item item : visit.items()) {
      out.writeUTF(item.id());
      out.writeBoolean(item.taken());
    }
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws IllegalArgumentException where the bytes are none of that
  static VisitorSessions decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalArgumentException("visitor format " + version);
      }
      Visit older = in.readBoolean() ? visit(in) : null;
      int n = count(in, VisitorSessions.MOST_SESSIONS);
      List<Visit> visits = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        visits.add(visit(in));
      }
      return new VisitorSessions(older, visits);
    } catch (IOException e) {
      throw new IllegalArgumentException("a visitor's bytes are damaged", e);
    }
  }

  /// Reads what [#encode] wrote; null where the bytes are none of that, or there are none.
  static @Nullable VisitorSessions readable(byte @Nullable [] bytes) {
    try {
      return bytes == null ? null : decode(bytes);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Visit visit(DataInputStream in) throws IOException {
    long key = in.readLong();
    int sessions = in.readInt();
    int bought = in.readInt();
    long start = in.readLong();
    long end = in.readLong();
    if (sessions < 1 || bought < 0 || bought > sessions) {
      throw new IOException(sessions + " sessions, of which " + bought + " bought");
    }
    int n = count(in, Visitor.MOST_ITEMS);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      items.add(new Item(in.readUTF(), in.readBoolean()));
    }
    return new Visit(key, sessions, bought, start, end, items);
  }

  private static int count(DataInputStream in, int most) throws IOException {
    int n = in.readUnsignedByte();
    if (n > most) {
      throw new IOException("a count of " + n);
    }
    return n;
  }
}
