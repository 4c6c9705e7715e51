package io.kaseb.serve.session;

import io.kaseb.base.KasebException;
import io.kaseb.event.VisitorSessions;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.event.Event;
import io.lettuce.core.event.connection.ConnectionActivatedEvent;
import io.lettuce.core.event.connection.ReconnectFailedEvent;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions and visitors in Redis, shared by several servers and kept over their restarts. A
/// session is one value under `kaseb:session:ID`, its clicks encoded, which Redis drops by its own
/// clock. An update reads, changes, and writes only if the value is still the one that was read;
/// else it tries again. Visitors stand likewise under `kaseb:visitor:ID`, and in order of their
/// last use in `kaseb:visitors`, by which the longest away go. While Redis is away every call fails
/// at once, and connects again within half a second of its return.
public final class RedisSessions implements SessionStore {
  private static final Logger LOG = LoggerFactory.getLogger(RedisSessions.class);
  private static final String PREFIX = "kaseb:session:";
  private static final String VISITOR = "kaseb:visitor:";
  private static final String VISITORS = "kaseb:visitors";
  private static final String PROBE = "kaseb:probe";
  private static final String AWAY = "Redis is away";
  private static final Duration RETRY = Duration.ofMillis(250);
  private static final int TRIES = 50;
  private static final byte[] NONE = {};
  private static final byte[] SWAP =
      """
      local now = redis.call('GET', KEYS[1])
      if (now == false and ARGV[1] == '') or now == ARGV[1] then
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
      end
      return 0
      """
          .getBytes(StandardCharsets.UTF_8);

  /// Takes besides the index of all, the time now, the time before which they are over, and how
  /// many there may be.
  private static final byte[] SWAP_VISITOR =
      """
      local now = redis.call('GET', KEYS[1])
      if (now == false and ARGV[1] == '') or now == ARGV[1] then
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        redis.call('ZADD', KEYS[2], ARGV[4], KEYS[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[5])
        local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[6])
        if over > 0 then
          for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, over - 1)) do
            redis.call('DEL', key)
            redis.call('ZREM', KEYS[2], key)
          end
        end
        redis.call('PEXPIRE', KEYS[2], ARGV[3])
        return 1
      end
      return 0
      """
          .getBytes(StandardCharsets.UTF_8);

  private final ClientResources resources;
  private final RedisClient client;
  private final InstantSource clock;
  private final long idle;
  private final long lifetime;
  private final Duration patience;
  private final VisitorConfig visitors;
  private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile @Nullable String refusal;
  private volatile String away = AWAY;

  /// Why a connection that was lost cannot be made again; null while there is one.
  private volatile @Nullable String lost;

  private volatile boolean isClosed;

  private RedisSessions(
      ClientResources resources, RedisClient client, SessionConfig config, InstantSource clock) {
    this.resources = resources;
    this.client = client;
    this.clock = clock;
    this.idle = config.idle().toMillis();
    this.lifetime = config.lifetime().toMillis();
    this.patience = config.patience();
    this.visitors = config.visitors();
  }

  /// Connects; where Redis does not answer, goes on trying and fails every call until it does.
  ///
  /// @param clock for the clicks' times and the lifetime
  public static RedisSessions connect(SessionConfig config, InstantSource clock) {
    RedisURI uri;
    try {
      uri = RedisURI.create(config.place());
    } catch (IllegalArgumentException e) {
      // The URL may hold a password: it is not repeated.
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("sessions"), null, "a valid redis:// URL", null),
          e);
    }
    uri.setTimeout(config.patience());
    if (config.password() != null) {
      uri.setCredentialsProvider(
          new StaticCredentialsProvider(user(config.place()), config.password().toCharArray()));
    }
    ClientResources resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .reconnectDelay(Delay.constant(RETRY))
            .build();
    RedisClient client = RedisClient.create(resources, uri);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(config.patience()).build())
            .build());
    RedisSessions sessions = new RedisSessions(resources, client, config, clock);
    // What was connected once is connected again by Lettuce itself, which tells only here why not.
    var _ = resources.eventBus().get().subscribe(sessions::heard);
    if (!sessions.connectOnce()) {
      LOG.warn("{}: sessions are not remembered until that is mended", sessions.away);
      Thread.ofVirtual().name("kaseb-redis").start(sessions::keepConnecting);
    }
    return sessions;
  }

  private boolean connectOnce() {
    try {
      connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
      return true;
    } catch (RedisException e) {
      away = reason(e);
      return false;
    }
  }

  /// Returns the user of a URL such as `redis://user:password@host`, or null.
  private static @Nullable String user(String place) {
    int at = place.lastIndexOf('@');
    int begin = place.indexOf("//") + 2;
    int colon = at < 0 ? -1 : place.indexOf(':', begin);
    return colon < 0 || colon > at || colon == begin ? null : place.substring(begin, colon);
  }

  private static String reason(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof RedisCommandExecutionException refusal) {
        String said = String.valueOf(refusal.getMessage());
        if (said.startsWith("WRONGPASS") || said.startsWith("ERR AUTH")) {
          return "Redis refuses the password";
        }
        if (said.startsWith("NOAUTH")) {
          return "Redis wants a password and was given none";
        }
      }
    }
    return AWAY;
  }

  private void heard(Event event) {
    if (event instanceof ReconnectFailedEvent failed && !isClosed) {
      String why = reason(failed.getCause());
      if (!why.equals(lost)) {
        lost = why;
        LOG.warn("{}: sessions are not remembered until that is mended", why);
      }
    } else if (event instanceof ConnectionActivatedEvent && lost != null) {
      lost = null;
      LOG.info("Redis is back");
    }
  }

  private String gone() {
    String why = lost;
    return why == null ? AWAY : why;
  }

  private void keepConnecting() {
    while (!isClosed && !connectOnce()) {
      LockSupport.parkNanos(RETRY.toNanos());
    }
  }

  private StatefulRedisConnection<String, byte[]> connected() throws Unavailable {
    StatefulRedisConnection<String, byte[]> c = connection;
    if (c == null || !c.isOpen()) {
      throw new Unavailable(c == null ? away : gone());
    }
    return c;
  }

  private <T> T get(RedisFuture<T> future) throws Unavailable {
    try {
      return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisCommandExecutionException refusal) {
        throw refused(String.valueOf(refusal.getMessage()));
      }
      throw new Unavailable("Redis does not answer");
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new Unavailable("Redis does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted");
    }
  }

  /// Keeps what Redis says against a command, until one succeeds.
  private Unavailable refused(String reply) {
    String code = reply.contains(" ") ? reply.substring(0, reply.indexOf(' ')) : reply;
    String why =
        switch (code) {
          case "OOM" -> "Redis is at its memory limit (maxmemory) and refuses to write";
          case "READONLY" -> "Redis is a replica and refuses to write";
          case "MISCONF" -> "Redis cannot save to its disk and refuses to write";
          case "LOADING" -> "Redis is still loading its data";
          case "NOAUTH" -> "Redis wants a password and was given none";
          case "WRONGPASS" -> "Redis refuses the password";
          case "NOPERM" -> "Redis refuses this user (" + code + ")";
          default -> "Redis refuses commands (" + code.replaceAll("[^A-Za-z]", "?") + ")";
        };
    if (!why.equals(refusal)) {
      refusal = why;
      LOG.warn("{}: sessions are not remembered until that is mended", why);
    }
    return new Unavailable(why, true);
  }

  private void accepted() {
    if (refusal != null) {
      refusal = null;
      LOG.info("Redis takes sessions again");
    }
  }

  @Override
  public SessionClicks update(String id, UnaryOperator<SessionClicks> change) throws Unavailable {
    var commands = call(() -> connected().async());
    for (int round = 0; round < TRIES; round++) {
      byte[] found = get(call(() -> commands.get(PREFIX + id)));
      long now = clock.millis();
      SessionClicks before = live(found, now);
      SessionClicks base = before == null ? SessionClicks.begin(now) : before;
      SessionClicks after = change.apply(base);
      if (after == base) {
        return base;
      }
      // A clock that was set back makes a session younger than none: it lives no longer for that.
      long left = Math.clamp(after.created() + lifetime - now, 1, idle);
      String[] keys = {PREFIX + id};
      if (swapped(commands, SWAP, keys, found == null ? NONE : found, after.encode(), text(left))) {
        return after;
      }
      pause(round);
    }
    throw new Unavailable("the session changes too often");
  }

  @Override
  public VisitorSessions updateVisitor(String id, UnaryOperator<VisitorSessions> change)
      throws Unavailable {
    var commands = call(() -> connected().async());
    for (int round = 0; round < TRIES; round++) {
      byte[] found = get(call(() -> commands.get(VISITOR + id)));
      VisitorSessions before = VisitorBytes.readable(found);
      VisitorSessions base = before == null ? VisitorSessions.NONE : before;
      VisitorSessions after = change.apply(base);
      if (after == base) {
        return base;
      }
      long now = clock.millis();
      long over = visitors.idle().toMillis();
      String[] keys = {VISITOR + id, VISITORS};
      if (swapped(
          commands,
          SWAP_VISITOR,
          keys,
          found == null ? NONE : found,
          VisitorBytes.encode(after),
          text(over),
          text(now),
          text(now - over),
          text(visitors.most()))) {
        return after;
      }
      pause(round);
    }
    throw new Unavailable("the visitor changes too often");
  }

  /// Writes a value if it is still the one that was read.
  private boolean swapped(
      RedisAsyncCommands<String, byte[]> commands, byte[] script, String[] keys, byte[]... values)
      throws Unavailable {
    Long swapped =
        get(call(() -> commands.<Long>eval(script, ScriptOutputType.INTEGER, keys, values)));
    accepted();
    return swapped == 1;
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(StandardCharsets.UTF_8);
  }

  private static void pause(int round) {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1_000_000L * (round + 1)));
  }

  @Override
  public @Nullable VisitorSessions findVisitor(String id) throws Unavailable {
    return VisitorBytes.readable(get(call(() -> connected().async().get(VISITOR + id))));
  }

  @Override
  public void deleteVisitor(String id) throws Unavailable {
    get(call(() -> connected().async().del(VISITOR + id)));
    get(
        call(
            () ->
                connected()
                    .async()
                    .zrem(VISITORS, (VISITOR + id).getBytes(StandardCharsets.UTF_8))));
  }

  private interface Command<T> {
    T run() throws Unavailable;
  }

  /// Runs what may fail at once, as commands do while the connection is away.
  private static <T> T call(Command<T> command) throws Unavailable {
    try {
      return command.run();
    } catch (RedisException e) {
      throw new Unavailable("Redis is away");
    }
  }

  private @Nullable SessionClicks live(byte @Nullable [] found, long now) {
    if (found == null) {
      return null;
    }
    try {
      SessionClicks session = SessionClicks.decode(found);
      return now - session.created() > lifetime ? null : session;
    } catch (IllegalArgumentException e) {
      LOG.warn("a session in Redis cannot be read and begins anew: {}", e.getMessage());
      return null;
    }
  }

  @Override
  public @Nullable SessionClicks find(String id) throws Unavailable {
    return live(get(call(() -> connected().async().get(PREFIX + id))), clock.millis());
  }

  @Override
  public void delete(String id) throws Unavailable {
    get(call(() -> connected().async().del(PREFIX + id)));
  }

  @Override
  public @Nullable String trouble() {
    StatefulRedisConnection<String, byte[]> c = connection;
    return c == null ? away : c.isOpen() ? refusal : gone();
  }

  /// Writes a value that Redis drops again within a second.
  @Override
  public @Nullable String tried() {
    try {
      get(call(() -> connected().async().set(PROBE, NONE, SetArgs.Builder.px(1000))));
      accepted();
      return null;
    } catch (Unavailable e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public void close() {
    isClosed = true;
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    var _ = resources.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
