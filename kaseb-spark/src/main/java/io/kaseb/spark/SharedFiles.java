package io.kaseb.spark;

import io.kaseb.base.Hashes;
import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.ingest.DatasetWriter;
import io.kaseb.logfile.LogFiles;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/// Files and folders that all machines see, by their places: a place is an absolute path of the
/// machines' own file system, or a name in one of Hadoop's file systems, such as
/// `hdfs://head/logs/clicks.csv` or `s3a://shop/clicks.csv`.
final class SharedFiles implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Pattern SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*", Pattern.DOTALL);
  private static final int BUFFER = 1 << 18;

  private final SerializableConfiguration configuration;

  private SharedFiles(SerializableConfiguration configuration) {
    this.configuration = configuration;
  }

  /// Returns the files that a session's cluster sees.
  static SharedFiles of(SparkSession spark) {
    return new SharedFiles(
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }

  /// Returns the place of what a user named: `file:/path` is the path.
  static String place(String name) {
    if (name.startsWith("file:/")) {
      return Path.of(URI.create(name.replaceFirst("^file:/+", "file:///"))).normalize().toString();
    }
    return SCHEME.matcher(name).matches() && name.contains(":/")
        ? name.replaceFirst("(?<=[^:/])/+$", "")
        : Path.of(name).toAbsolutePath().normalize().toString();
  }

  /// Returns whether a place is a path of the machines' own file system.
  static boolean isPath(String place) {
    return place.startsWith("/") || !SCHEME.matcher(place).matches() || !place.contains(":/");
  }

  /// Returns a place as Spark takes it.
  static String uri(String place) {
    return isPath(place) ? Path.of(place).toUri().toString() : place;
  }

  /// Returns the last part of a place.
  static String name(String place) {
    return place.substring(place.lastIndexOf('/') + 1);
  }

  /// Returns the folder that a place is in.
  static String parent(String place) {
    return place.substring(0, Math.max(1, place.lastIndexOf('/')));
  }

  private FileSystem system(String place) throws IOException {
    return hadoop(place).getFileSystem(configuration.value());
  }

  private static org.apache.hadoop.fs.Path hadoop(String place) {
    return new org.apache.hadoop.fs.Path(place);
  }

  /// Returns whether there is anything at a place.
  boolean exists(String place) throws IOException {
    return isPath(place) ? Files.exists(Path.of(place)) : system(place).exists(hadoop(place));
  }

  /// Fails where a place is no file with anything in it; of paths core says so itself.
  void checkFile(String place) throws IOException {
    if (isPath(place)) {
      return;
    }
    if (!exists(place)) {
      throw problem(place, "no such file", "give the place of a click log");
    }
    FileStatus status = system(place).getFileStatus(hadoop(place));
    if (status.isDirectory()) {
      throw problem(place, "a folder", "name the files in it");
    }
    if (status.getLen() == 0) {
      throw problem(place, "the file is empty", "it must hold at least one event");
    }
  }

  private static KasebException problem(String place, String what, String wayOut) {
    return new KasebException(new KasebException.Problem(place, what, null, wayOut));
  }

  /// Returns the size of a file in bytes.
  long size(String place) throws IOException {
    return isPath(place)
        ? Files.size(Path.of(place))
        : system(place).getFileStatus(hadoop(place)).getLen();
  }

  /// Opens a file.
  ///
  /// @param from its first byte that is wanted
  InputStream open(String place, long from) throws IOException {
    if (isPath(place)) {
      FileInputStream in = new FileInputStream(place);
      try {
        in.getChannel().position(from);
        return new BufferedInputStream(in, BUFFER);
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    }
    FSDataInputStream in = system(place).open(hadoop(place));
    try {
      in.seek(from);
      return new BufferedInputStream(in, BUFFER);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /// Returns a file of this machine with a file's content: itself where it is one, else a copy.
  ///
  /// @param folder takes the copy
  Path local(String place, Path folder) throws IOException {
    return local(place, folder, Long.MAX_VALUE);
  }

  /// Returns a file of this machine with the first bytes of a file, or with all.
  ///
  /// @param folder takes the copy of what is no file of this machine
  /// @param most bytes to copy at most
  Path local(String place, Path folder, long most) throws IOException {
    if (isPath(place)) {
      return Path.of(place);
    }
    Path copy = Files.createDirectories(folder).resolve(name(place));
    try (InputStream in = open(place, 0);
        OutputStream out = Files.newOutputStream(copy)) {
      byte[] buffer = new byte[BUFFER];
      long left = most;
      for (int n;
          left > 0 && (n = in.read(buffer, 0, (int) Math.min(left, BUFFER))) > 0;
          left -= n) {
        out.write(buffer, 0, n);
      }
    }
    return copy;
  }

  /// Puts a file of this machine at a place; nobody sees half of it under that name.
  void put(Path file, String place) throws IOException {
    if (isPath(place)) {
      Path target = Path.of(place);
      Path near = target.resolveSibling("." + target.getFileName() + ".tmp");
      Files.copy(file, near, StandardCopyOption.REPLACE_EXISTING);
      Files.move(near, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    String near = parent(place) + "/." + name(place) + ".tmp";
    try (OutputStream out = system(place).create(hadoop(near), true)) {
      Files.copy(file, out);
    }
    system(place).delete(hadoop(place), false);
    move(near, place);
  }

  /// Writes JSON.
  void write(String place, Object value) throws IOException {
    if (isPath(place)) {
      Json.write(Path.of(place), value);
      return;
    }
    Path folder = Files.createTempDirectory("kaseb-json");
    try {
      Json.write(folder.resolve("value.json"), value);
      put(folder.resolve("value.json"), place);
    } finally {
      DatasetWriter.delete(folder);
    }
  }

  /// Makes a folder and those around it.
  void makeFolder(String place) throws IOException {
    if (isPath(place)) {
      Files.createDirectories(Path.of(place));
    } else {
      system(place).mkdirs(hadoop(place));
    }
  }

  /// Returns the names of what lies in a folder, in order.
  List<String> list(String folder) throws IOException {
    if (isPath(folder)) {
      try (var found = Files.list(Path.of(folder))) {
        return found.map(file -> String.valueOf(file.getFileName())).sorted().toList();
      }
    }
    return Arrays.stream(system(folder).listStatus(hadoop(folder)))
        .map(status -> status.getPath().getName())
        .sorted()
        .toList();
  }

  /// Moves a file or folder within its file system, to where nothing is.
  void move(String from, String to) throws IOException {
    if (isPath(from)) {
      Files.move(Path.of(from), Path.of(to));
    } else if (!system(from).rename(hadoop(from), hadoop(to))) {
      throw new IOException(to + ": cannot be written in the place of " + from);
    }
  }

  /// Deletes a file, or a folder and all in it, where it exists.
  void delete(String place) throws IOException {
    if (isPath(place)) {
      DatasetWriter.delete(Path.of(place));
    } else {
      system(place).delete(hadoop(place), true);
    }
  }

  /// Returns the SHA-256 of a file's bytes in hexadecimal.
  String sha256(String place) throws IOException {
    try (DigestInputStream in = new DigestInputStream(open(place, 0), Hashes.newSha256())) {
      byte[] buffer = new byte[BUFFER];
      while (in.read(buffer) >= 0) {
        // Reading is what counts a byte into the digest.
      }
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }
  }

  /// Returns the places of the files that a user names as a log: files, folders, and patterns in
  /// the last part of a name.
  List<String> files(List<String> names) throws IOException {
    List<String> files = new ArrayList<>();
    for (String name : names) {
      String place = place(name);
      if (isPath(place)) {
        LogFiles.of(List.of(Path.of(place)), InputStream.nullInputStream())
            .forEach(file -> files.add(file.toString()));
      } else {
        files.addAll(matching(place));
      }
    }
    return files;
  }

  private List<String> matching(String place) throws IOException {
    FileSystem system = system(place);
    boolean isPattern = name(place).matches(".*[*?\\[{].*") && !system.exists(hadoop(place));
    if (!isPattern
        && !(system.exists(hadoop(place)) && system.getFileStatus(hadoop(place)).isDirectory())) {
      return List.of(place);
    }
    FileStatus[] found =
        isPattern ? system.globStatus(hadoop(place)) : system.listStatus(hadoop(place));
    String folder = isPattern ? parent(place) : place;
    List<String> files =
        Arrays.stream(found == null ? new FileStatus[0] : found)
            .filter(status -> status.isFile() && !status.getPath().getName().startsWith("."))
            .map(status -> folder + "/" + status.getPath().getName())
            .sorted()
            .toList();
    if (files.isEmpty()) {
      throw new KasebException(place + ": holds or matches no files; name at least one");
    }
    return files;
  }
}
