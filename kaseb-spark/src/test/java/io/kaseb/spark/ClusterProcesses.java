package io.kaseb.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A Spark master and workers as processes of their own on this machine, from the jars of the class
/// path alone.
final class ClusterProcesses implements AutoCloseable {
  static final String FLAGS =
      "--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
          + " --sun-misc-unsafe-memory-access=allow"
          + " --add-opens=java.base/java.lang=ALL-UNNAMED"
          + " --add-opens=java.base/java.lang.invoke=ALL-UNNAMED"
          + " --add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
          + " --add-opens=java.base/java.io=ALL-UNNAMED"
          + " --add-opens=java.base/java.net=ALL-UNNAMED"
          + " --add-opens=java.base/java.nio=ALL-UNNAMED"
          + " --add-opens=java.base/java.util=ALL-UNNAMED"
          + " --add-opens=java.base/java.util.concurrent=ALL-UNNAMED"
          + " --add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED"
          + " --add-opens=java.base/jdk.internal.ref=ALL-UNNAMED"
          + " --add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
          + " --add-opens=java.base/sun.nio.cs=ALL-UNNAMED"
          + " --add-opens=java.base/sun.util.calendar=ALL-UNNAMED";

  private static final String HOST = "127.0.0.1";

  private final int port;
  private final List<Process> workers = new ArrayList<>();
  private final Process master;

  private ClusterProcesses(int port, Process master) {
    this.port = port;
    this.master = master;
  }

  static ClusterProcesses start(Path folder, int count) throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("home").resolve("jars"));
    Files.writeString(folder.resolve("home").resolve("RELEASE"), "Spark\n");
    int port = freePort();
    Process master =
        java(
            folder,
            "master",
            "org.apache.spark.deploy.master.Master",
            "--host",
            HOST,
            "--port",
            "" + port,
            "--webui-port",
            "" + freePort());
    ClusterProcesses cluster = new ClusterProcesses(port, master);
    awaitPort(port, master);
    for (int w = 0; w < count; w++) {
      cluster.workers.add(
          java(
              folder,
              "worker-" + w,
              "org.apache.spark.deploy.worker.Worker",
              cluster.url(),
              "--host",
              HOST,
              "--cores",
              "1",
              "--memory",
              "1200m",
              "--webui-port",
              "" + freePort(),
              "-d",
              folder.resolve("work-" + w).toString()));
    }
    return cluster;
  }

  String url() {
    return "spark://" + HOST + ":" + port;
  }

  /// Takes a worker away with what it runs.
  void kill(int worker) {
    Process process = workers.get(worker);
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /// Returns the worker that runs an executor, or -1.
  int busy() {
    for (int w = 0; w < workers.size(); w++) {
      if (workers.get(w).isAlive() && workers.get(w).descendants().findAny().isPresent()) {
        return w;
      }
    }
    return -1;
  }

  private static Process java(Path folder, String name, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(FLAGS.split(" ")));
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("SPARK_HOME", folder.resolve("home").toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", HOST);
    return builder.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  private static void awaitPort(int port, Process process)
      throws IOException, InterruptedException {
    while (process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(HOST, port), 1_000);
        return;
      } catch (IOException e) {
        Thread.sleep(200);
      }
    }
    throw new IOException("the master ended; see its log");
  }

  @Override
  public void close() throws InterruptedException {
    for (int w = 0; w < workers.size(); w++) {
      kill(w);
    }
    master.destroyForcibly();
    for (Process worker : workers) {
      worker.waitFor(20, TimeUnit.SECONDS);
    }
    master.waitFor(20, TimeUnit.SECONDS);
  }
}
