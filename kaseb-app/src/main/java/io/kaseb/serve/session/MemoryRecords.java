package io.kaseb.serve.session;

import java.time.Duration;
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

/// Records of bytes by id in this process. Bounded in bytes and in number: beyond them the longest
/// idle go. Idle and total lifetime run on a clock that cannot be set. Safe for all threads.
final class MemoryRecords {
  private static final int SHARDS = 64;

  /// Fewer records than this stand in one shard, so that no shard is full while others are empty.
  private static final int FEW = 100 * SHARDS;

  /// Map entry, key and array headers, the entry here: measured on a JVM with compressed pointers.
  private static final int OVERHEAD = 200;

  private final Shard[] shards;
  private final long idle;
  private final long lifetime;
  private final long shardBytes;
  private final int shardRecords;
  private final LongSupplier nanos;
  private final AtomicLong evictions = new AtomicLong();
  private final AtomicLong expiries = new AtomicLong();

  private record Entry(byte[] encoded, long born, long used) {}

  /// A record as a file keeps it.
  ///
  /// @param encoded its bytes
  /// @param age milliseconds since it began
  /// @param idle milliseconds since its last change
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
        boolean isFull = bytes > shardBytes || entries.size() > shardRecords;
        if (!isOver && (!isFull || entries.size() == 1)) {
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

  /// Creates a place without records.
  ///
  /// @param lifetime how long a record stays after its begin; null for as long as it is used
  /// @param bytes bound of all records together
  /// @param most bound of their number
  /// @param nanos a clock for lifetimes, as [System#nanoTime()]
  MemoryRecords(
      Duration idle, @Nullable Duration lifetime, long bytes, int most, LongSupplier nanos) {
    this.idle = idle.toNanos();
    this.lifetime = lifetime == null ? Long.MAX_VALUE : lifetime.toNanos();
    this.shards = new Shard[most < FEW ? 1 : SHARDS];
    this.shardBytes = bytes / shards.length;
    this.shardRecords = most / shards.length;
    this.nanos = nanos;
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard();
    }
  }

  /// Returns about how many bytes a record takes.
  private static int cost(String id, Entry entry) {
    return OVERHEAD + id.length() + entry.encoded.length;
  }

  private Shard shard(String id) {
    return shards[(int) (IdHash.of(id) >>> 1) & shards.length - 1];
  }

  /// Changes a record, or begins it.
  ///
  /// @param change takes its bytes, null where there is none; the very same object back means that
  ///   nothing changes
  void update(String id, UnaryOperator<byte @Nullable []> change) {
    Shard shard = shard(id);
    shard.lock.lock();
    try {
      long now = nanos.getAsLong();
      Entry entry = shard.live(id, now);
      byte[] before = entry == null ? null : entry.encoded;
      byte[] after = change.apply(before);
      if (after != null && after != before) {
        shard.put(id, new Entry(after, entry == null ? now : entry.born, now));
      }
    } finally {
      shard.lock.unlock();
    }
  }

  /// Returns a record's bytes, or null where there is none.
  byte @Nullable [] find(String id) {
    Shard shard = shard(id);
    shard.lock.lock();
    try {
      Entry entry = shard.live(id, nanos.getAsLong());
      return entry == null ? null : entry.encoded;
    } finally {
      shard.lock.unlock();
    }
  }

  /// Forgets a record, if there is one.
  void delete(String id) {
    Shard shard = shard(id);
    shard.lock.lock();
    try {
      shard.remove(id);
    } finally {
      shard.lock.unlock();
    }
  }

  /// Returns how many records are held.
  long size() {
    long sum = 0;
    for (Shard shard : shards) {
      sum += shard.size;
    }
    return sum;
  }

  /// Returns about how many bytes they take.
  long bytes() {
    long sum = 0;
    for (Shard shard : shards) {
      sum += shard.bytes;
    }
    return sum;
  }

  /// Returns how many records have gone for want of room.
  long evictions() {
    return evictions.get();
  }

  /// Returns how many records have ended by age.
  long expiries() {
    return expiries.get();
  }

  /// Returns all records, the longest idle first within each shard.
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

  /// Takes records back that [#all()] gave, unless they are over.
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

  /// Forgets everything.
  void clear() {
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
