package io.kaseb.spark;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A trial's line to its study: reports go out, and each answer says whether to go on.
final class TrialClient implements AutoCloseable {
  private static final int CONNECT_MILLIS = 20_000;

  /// The study is asked no more often than this.
  private static final long ASK_NANOS = 200_000_000;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private boolean stopped;
  private long asked = System.nanoTime();

  private TrialClient(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
  }

  /// Calls the study.
  static TrialClient connect(TrialServer.Address study, int trial) {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(study.host(), study.port()), CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      TrialClient client = new TrialClient(socket);
      client.out.writeUTF(study.token());
      client.out.writeInt(trial);
      client.out.flush();
      return client;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /// Reports the values of the goals after a step.
  synchronized void report(int step, double... values) {
    try {
      out.writeByte(TrialServer.REPORT);
      out.writeInt(step);
      out.writeInt(values.length);
      for (double value : values) {
        out.writeDouble(value);
      }
      answer();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /// Returns whether the study wants the trial to end.
  synchronized boolean stopped() {
    if (!stopped && System.nanoTime() - asked > ASK_NANOS) {
      try {
        out.writeByte(TrialServer.ASK);
        answer();
      } catch (IOException e) {
        throw lost(e);
      }
    }
    return stopped;
  }

  private void answer() throws IOException {
    out.flush();
    byte answer = in.readByte();
    asked = System.nanoTime();
    if (answer == TrialServer.WRONG) {
      throw new IllegalArgumentException(in.readUTF());
    }
    stopped |= answer == TrialServer.STOP;
  }

  private static IllegalStateException lost(IOException e) {
    return new IllegalStateException("the study cannot be reached: " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
