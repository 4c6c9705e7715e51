package io.kaseb.spark;

import io.kaseb.tune.study.TrialRun;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// Where a study hears of its trials while they train elsewhere: a socket on the driver, for
/// callers who know a token that travels with the task. Spark's own messages between plugins would
/// need a setting before the cluster's application starts; this works with any.
final class TrialServer implements AutoCloseable {
  static final byte REPORT = 1;
  static final byte ASK = 2;
  static final byte GO = 0;
  static final byte STOP = 1;
  static final byte WRONG = 2;

  private static final int MOST_GOALS = 1_000;
  private static final int GREETING_MILLIS = 10_000;

  /// Where to call, and what to say first.
  record Address(String host, int port, String token) implements Serializable {}

  /// A trial at work and the last step that it reported, which one that is begun again repeats.
  private static final class AtWork {
    private final TrialRun trial;
    private int last;

    AtWork(TrialRun trial) {
      this.trial = trial;
      last = trial.from();
    }

    synchronized void report(int step, double[] values) {
      if (step > last) {
        trial.report(step, values);
        last = step;
      }
    }
  }

  private final ServerSocket socket;
  private final Address address;
  private final Map<Integer, AtWork> trials = new ConcurrentHashMap<>();

  private TrialServer(ServerSocket socket, Address address) {
    this.socket = socket;
    this.address = address;
  }

  /// Begins to listen on any free port.
  ///
  /// @param host the driver's name for the cluster's machines
  /// @param bind the address to listen at
  static TrialServer start(String host, String bind) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(bind), 0));
    byte[] token = new byte[24];
    new SecureRandom().nextBytes(token);
    TrialServer server =
        new TrialServer(
            socket, new Address(host, socket.getLocalPort(), HexFormat.of().formatHex(token)));
    Thread.ofPlatform().daemon().name("kaseb-trials").start(server::accept);
    return server;
  }

  /// Returns where it listens.
  Address address() {
    return address;
  }

  /// Takes calls of a trial until it ends.
  void begin(TrialRun trial) {
    trials.put(trial.id(), new AtWork(trial));
  }

  /// Takes no more calls of a trial.
  void end(TrialRun trial) {
    trials.remove(trial.id());
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket call = socket.accept();
        Thread.ofVirtual().name("kaseb-trial").start(() -> hear(call));
      } catch (IOException e) {
        // A call that failed before it began is its caller's to see.
        if (socket.isClosed()) {
          return;
        }
      }
    }
  }

  private void hear(Socket call) {
    try (call) {
      call.setTcpNoDelay(true);
      call.setSoTimeout(GREETING_MILLIS);
      DataInputStream in = new DataInputStream(call.getInputStream());
      DataOutputStream out = new DataOutputStream(new BufferedOutputStream(call.getOutputStream()));
      byte[] token = in.readUTF().getBytes(StandardCharsets.UTF_8);
      if (!MessageDigest.isEqual(token, address.token().getBytes(StandardCharsets.UTF_8))) {
        return;
      }
      AtWork trial = trials.get(in.readInt());
      call.setSoTimeout(0);
      while (trial != null) {
        answer(trial, in, out);
        out.flush();
      }
    } catch (IOException e) {
      // The caller has gone: its trial's task ends or is begun again by Spark.
      return;
    }
  }

  private static void answer(AtWork at, DataInputStream in, DataOutputStream out)
      throws IOException {
    if (in.readByte() == REPORT) {
      int step = in.readInt();
      int goals = in.readInt();
      if (goals < 0 || goals > MOST_GOALS) {
        throw new IOException(goals + " goals");
      }
      double[] values = new double[goals];
      for (int g : IntStream.range(0, goals).toArray()) {
        values[g] = in.readDouble();
      }
      try {
        at.report(step, values);
      } catch (RuntimeException e) {
        out.writeByte(WRONG);
        out.writeUTF(String.valueOf(e.getMessage()));
        return;
      }
    }
    out.writeByte(at.trial.stopped() ? STOP : GO);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
