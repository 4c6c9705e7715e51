package io.kaseb.serve.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Sessions in this process, their clicks encoded: some 200 bytes and 25 for each click. Bounded:
/// beyond its bytes the longest idle go. Idle and total lifetime run on a clock that cannot be set.
public final class MemorySessions implements SessionStore {
  private static final int SHARDS = 64;

  /// Map entry, key and array headers, the entry here: measured on a JVM with compressed pointers.
  private static final int OVERHEAD = 200;

  private final Shard[] shards = new Shard[SHARDS];
  private final long idle;
  private final long lifetime;
  private final long shardBytes;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final AtomicLong evictions = new AtomicLong();
  private final AtomicLong expiries = new AtomicLong();

  private record Entry(byte[] encoded, long born, long used) {}

  /// A session as a file keeps it.
  ///
  /// @param encoded its clicks, as [SessionClicks#encode()] writes them
  /// @param age milliseconds since it began
  /// @param idle milliseconds since its last click
  record Saved(String id, byte[] encoded, long age, long idle) {}

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by who holds the lock
  private final class Shard {
    final ReentrantLock lock = new ReentrantLock();
    final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(16, .75f, true);
    volatile long bytes;
    volatile int size;

    void put(String id, Entry entry) {
      Entry before = entries.put(id, entry);
      bytes += cost(id, entry) - (before == null ? 0 : cost(id, before));
      // The map is in order of use: what is over stands in front.
      Iterator<Map.Entry<String, Entry>> oldest = entries.entrySet().iterator();
      while (oldest.hasNext()) {
        Map.Entry<String, Entry> e = oldest.next();
        boolean isOver = entry.used - e.getValue().used > idle;
        if (!isOver && (bytes <= shardBytes || entries.size() == 1)) {
          break;
        }
        oldest.remove();
        bytes -= cost(e.getKey(), e.getValue());
        (isOver ? expiries : evictions).incrementAndGet();
      }
      size = entries.size();
    }

    void remove(String id) {
      Entry gone = entries.remove(id);
      if (gone != null) {
        bytes -= cost(id, gone);
        size = entries.size();
      }
    }

    @Nullable Entry live(String id, long now) {
      Entry entry = entries.get(id);
      if (entry != null && (now - entry.used > idle || now - entry.born > lifetime)) {
        remove(id);
        expiries.incrementAndGet();
        return null;
      }
      return entry;
    }
  }

  /// Creates a store without sessions.
  ///
  /// @param bytes bound of all sessions together
  /// @param clock for the clicks' times
  /// @param nanos a clock for lifetimes, as [System#nanoTime()]
  public MemorySessions(
      Duration idle, Duration lifetime, long bytes, InstantSource clock, LongSupplier nanos) {
    this.idle = idle.toNanos();
    this.lifetime = lifetime.toNanos();
    this.shardBytes = bytes / SHARDS;
    this.clock = clock;
    this.nanos = nanos;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard();
    }
  }

  /// Returns about how many bytes a session takes.
  private static int cost(String id, Entry entry) {
    return OVERHEAD + id.length() + entry.encoded.length;
  }

  private Shard shard(String id) {
    return shards[(int) (IdHash.of(id) >>> 1) & SHARDS - 1];
  }

  @Override
  public SessionClicks update(String id, UnaryOperator<SessionClicks> change) {
    Shard shard = shard(id);
    shard.lock.lock();
    try {
      long now = nanos.getAsLong();
      Entry entry = shard.live(id, now);
      SessionClicks before =
          entry == null ? SessionClicks.begin(clock.millis()) : SessionClicks.decode(entry.encoded);
      SessionClicks after = change.apply(before);
      if (after != before) {
        shard.put(id, new Entry(after.encode(), entry == null ? now : entry.born, now));
      }
      return after;
    } finally {
      shard.lock.unlock();
    }
  }

  @Override
  public @Nullable SessionClicks find(String id) {
    Shard shard = shard(id);
    shard.lock.lock();
    try {
      Entry entry = shard.live(id, nanos.getAsLong());
      return entry == null ? null : SessionClicks.decode(entry.encoded);
    } finally {
      shard.lock.unlock();
    }
  }

  @Override
  public void delete(String id) {
    Shard shard = shard(id);
    shard.lock.lock();
    try {
      shard.remove(id);
    } finally {
      shard.lock.unlock();
    }
  }

  @Override
  public @Nullable String trouble() {
    return null;
  }

  /// Returns how many sessions are held.
  public long size() {
    long sum = 0;
    for (Shard shard : shards) {
      sum += shard.size;
    }
    return sum;
  }

  /// Returns about how many bytes they take.
  public long bytes() {
    long sum = 0;
    for (Shard shard : shards) {
      sum += shard.bytes;
    }
    return sum;
  }

  /// Returns how many sessions have gone for want of memory.
  public long evictions() {
    return evictions.get();
  }

  /// Returns how many sessions have ended by age.
  public long expiries() {
    return expiries.get();
  }

  /// Returns all sessions, the longest idle first within each shard.
  List<Saved> all() {
    List<Saved> all = new ArrayList<>();
    for (Shard shard : shards) {
      shard.lock.lock();
      try {
        long now = nanos.getAsLong();
        shard.entries.forEach(
            (id, e) ->
                all.add(
                    new Saved(
                        id, e.encoded, (now - e.born) / 1_000_000, (now - e.used) / 1_000_000)));
      } finally {
        shard.lock.unlock();
      }
    }
    return all;
  }

  /// Takes sessions back that [#all()] gave, unless they are over.
  ///
  /// @param gap milliseconds since then
  void restore(List<Saved> saved, long gap) {
    long now = nanos.getAsLong();
    for (Saved s : saved) {
      long used = now - (s.idle + gap) * 1_000_000;
      long born = now - (s.age + gap) * 1_000_000;
      if (now - used <= idle && now - born <= lifetime) {
        Shard shard = shard(s.id);
        shard.lock.lock();
        try {
          shard.put(s.id, new Entry(s.encoded, born, used));
        } finally {
          shard.lock.unlock();
        }
      }
    }
  }

  @Override
  public void close() {
    for (Shard shard : shards) {
      shard.lock.lock();
      try {
        shard.entries.clear();
        shard.bytes = 0;
        shard.size = 0;
      } finally {
        shard.lock.unlock();
      }
    }
  }
}
