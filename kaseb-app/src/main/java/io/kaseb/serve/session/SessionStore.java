package io.kaseb.serve.session;

import io.kaseb.event.VisitorSessions;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Where sessions and visitors are remembered. Safe for all threads; two updates of one session
/// never lose each other's click.
///
/// A visitor is who the shop says made several sessions. Nothing of one is kept or read but where
/// the shop says that there is consent.
public sealed interface SessionStore extends AutoCloseable permits MemorySessions, RedisSessions {
  /// The store cannot be reached, or refuses.
  final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isRefused;

    Unavailable(String message) {
      this(message, false);
    }

    Unavailable(String message, boolean isRefused) {
      super(message, null, false, false);
      this.isRefused = isRefused;
    }

    /// Returns whether the store answered, and refused.
    public boolean isRefused() {
      return isRefused;
    }
  }

  /// Changes a session, or begins it.
  ///
  /// @param change takes the clicks so far, none for a new session; may be asked several times; the
  ///   very same object back means that nothing changes
  /// @return what the session is now
  SessionClicks update(String id, UnaryOperator<SessionClicks> change) throws Unavailable;

  /// Returns a session, or null where there is none.
  @Nullable SessionClicks find(String id) throws Unavailable;

  /// Forgets a session, if there is one.
  void delete(String id) throws Unavailable;

  /// Changes what is remembered of a visitor, or begins it.
  ///
  /// @param id the shop's id of the visitor
  /// @param change takes what is remembered, nothing of a new visitor; may be asked several times;
  ///   the very same object back means that nothing changes
  /// @return what is remembered now
  VisitorSessions updateVisitor(String id, UnaryOperator<VisitorSessions> change)
      throws Unavailable;

  /// Returns what is remembered of a visitor, or null where nothing is.
  @Nullable VisitorSessions findVisitor(String id) throws Unavailable;

  /// Forgets a visitor, if there is one.
  void deleteVisitor(String id) throws Unavailable;

  /// Returns what keeps the store from remembering sessions, as it was seen last; null where
  /// nothing does.
  @Nullable String trouble();

  /// Returns what [#trouble()] does, after trying the store now.
  default @Nullable String tried() {
    return trouble();
  }

  @Override
  void close();
}
