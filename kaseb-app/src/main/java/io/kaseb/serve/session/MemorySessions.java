package io.kaseb.serve.session;

import io.kaseb.event.VisitorSessions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Sessions and visitors in this process, encoded: some 200 bytes and 25 for each click. Bounded:
/// beyond its bytes the longest idle go, of visitors beyond their number too. Idle and total
/// lifetime run on a clock that cannot be set.
public final class MemorySessions implements SessionStore {
  private final MemoryRecords sessions;
  private final MemoryRecords visitors;
  private final InstantSource clock;

  /// Creates a store without sessions, with room for the usual number of visitors.
  ///
  /// @param bytes bound of all sessions together
  /// @param clock for the clicks' times
  /// @param nanos a clock for lifetimes, as [System#nanoTime()]
  public MemorySessions(
      Duration idle, Duration lifetime, long bytes, InstantSource clock, LongSupplier nanos) {
    this(idle, lifetime, bytes, VisitorConfig.DEFAULT, clock, nanos);
  }

  /// Creates a store without sessions.
  ///
  /// @param bytes bound of all sessions together, and of all visitors together
  /// @param visitors what is remembered of visitors
  /// @param clock for the clicks' times
  /// @param nanos a clock for lifetimes, as [System#nanoTime()]
  public MemorySessions(
      Duration idle,
      Duration lifetime,
      long bytes,
      VisitorConfig visitors,
      InstantSource clock,
      LongSupplier nanos) {
    this.sessions = new MemoryRecords(idle, lifetime, bytes, Integer.MAX_VALUE, nanos);
    this.visitors = new MemoryRecords(visitors.idle(), null, bytes, visitors.most(), nanos);
    this.clock = clock;
  }

  @Override
  public SessionClicks update(String id, UnaryOperator<SessionClicks> change) {
    SessionClicks[] result = new SessionClicks[1];
    sessions.update(
        id,
        bytes -> {
          SessionClicks before =
              bytes == null ? SessionClicks.begin(clock.millis()) : SessionClicks.decode(bytes);
          SessionClicks after = change.apply(before);
          result[0] = after;
          return after == before ? bytes : after.encode();
        });
    return result[0];
  }

  @Override
  public @Nullable SessionClicks find(String id) {
    byte[] bytes = sessions.find(id);
    return bytes == null ? null : SessionClicks.decode(bytes);
  }

  @Override
  public void delete(String id) {
    sessions.delete(id);
  }

  @Override
  public VisitorSessions updateVisitor(String id, UnaryOperator<VisitorSessions> change) {
    VisitorSessions[] result = new VisitorSessions[1];
    visitors.update(
        id,
        bytes -> {
          VisitorSessions before =
              bytes == null ? VisitorSessions.NONE : VisitorBytes.decode(bytes);
          VisitorSessions after = change.apply(before);
          result[0] = after;
          return after == before ? bytes : VisitorBytes.encode(after);
        });
    return result[0];
  }

  @Override
  public @Nullable VisitorSessions findVisitor(String id) {
    byte[] bytes = visitors.find(id);
    return bytes == null ? null : VisitorBytes.decode(bytes);
  }

  @Override
  public void deleteVisitor(String id) {
    visitors.delete(id);
  }

  @Override
  public @Nullable String trouble() {
    return null;
  }

  /// Returns how many sessions are held.
  public long size() {
    return sessions.size();
  }

  /// Returns about how many bytes they take.
  public long bytes() {
    return sessions.bytes();
  }

  /// Returns how many sessions have gone for want of memory.
  public long evictions() {
    return sessions.evictions();
  }

  /// Returns how many sessions have ended by age.
  public long expiries() {
    return sessions.expiries();
  }

  /// Returns how many visitors are held.
  public long visitors() {
    return visitors.size();
  }

  /// Returns how many visitors have gone for want of room.
  public long visitorEvictions() {
    return visitors.evictions();
  }

  /// Returns how many visitors have gone by age.
  public long visitorExpiries() {
    return visitors.expiries();
  }

  /// Returns all sessions, the longest idle first within each shard.
  List<MemoryRecords.Saved> all() {
    return sessions.all();
  }

  /// Returns all visitors, the longest idle first within each shard.
  List<MemoryRecords.Saved> allVisitors() {
    return visitors.all();
  }

  /// Takes back what [#all()] and [#allVisitors()] gave, unless it is over.
  ///
  /// @param gap milliseconds since then
  void restore(
      List<MemoryRecords.Saved> savedSessions, List<MemoryRecords.Saved> savedVisitors, long gap) {
    sessions.restore(savedSessions, gap);
    visitors.restore(savedVisitors, gap);
  }

  @Override
  public void close() {
    sessions.clear();
    visitors.clear();
  }
}
