package io.kaseb.trial;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Whose turn it is to work: trials of this process train side by side, and all wait while one of
/// them measures a time, alone.
public final class Turns {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final boolean needed;

  /// Creates turns.
  ///
  /// @param needed whether any time is measured; if not, nobody ever waits
  public Turns(boolean needed) {
    this.needed = needed;
  }

  /// A turn, which ends when it is closed.
  public interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /// Begins to work beside others; waits while one is alone.
  public Turn beside() {
    return taken(lock.readLock());
  }

  /// Begins to work alone; waits until all others have ended their turns or given way.
  public Turn alone() {
    return taken(lock.writeLock());
  }

  private Turn taken(Lock part) {
    if (!needed) {
      return () -> {};
    }
    part.lock();
    return part::unlock;
  }

  /// Lets those work alone who wait for that, in the middle of a turn beside others; called often,
  /// and without effect on threads that have no such turn.
  public void giveWay() {
    if (needed && lock.hasQueuedThreads() && lock.getReadHoldCount() > 0) {
      lock.readLock().unlock();
      lock.readLock().lock();
    }
  }
}
