package io.kaseb.serve.http;

import java.util.concurrent.atomic.AtomicLong;

/// Bounds the memory of all bodies that are under way at once, however many clients send much.
final class MemoryBudget {
  private static final int SHARE_OF_HEAP = 8;

  private final AtomicLong used = new AtomicLong();
  private final long most;

  private MemoryBudget(long most) {
    this.most = most;
  }

  /// Takes an eighth of the heap, or two bodies of the largest size where that is more.
  static MemoryBudget of(HttpLimits limits) {
    return new MemoryBudget(
        Math.max(2L * limits.body(), Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
  }

  /// Takes bytes, or nothing where there are not so many left.
  boolean take(long bytes) {
    if (used.addAndGet(bytes) > most) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /// Gives bytes back.
  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }
}
