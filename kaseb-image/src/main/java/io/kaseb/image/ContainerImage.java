package io.kaseb.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The image of one build: what goes into it, and how it starts.
///
/// Its layers change at different paces, so that an update moves few bytes: Debian's packages, the
/// Java runtime, the libraries, Kaseb itself. Equal inputs give equal bytes.
///
/// @param base the base as a Docker archive, as `base.sh` writes it
/// @param app the folder `target` of kaseb-app, with `runtime` and `lib`
/// @param sources the project's root, with the launcher and the notices
/// @param version Kaseb's version, which becomes the image's tag
/// @param time the time of every file and of the image
record ContainerImage(Path base, Path app, Path sources, String version, Instant time) {
  /// The user and group that the server runs as; `base.sh` names them.
  static final String USER = "10001:10001";

  /// The model that the server starts with where nothing else is said.
  static final String MODEL = "/models/shop.kaseb";

  private static final String HOME = "/opt/kaseb";
  private static final Set<String> EXECUTABLE = Set.of("kaseb", "jspawnhelper", "jexec");

  /// Writes the image of the arguments BASE, APP, SOURCES, VERSION, TIME, OUT; TIME as in
  /// `2026-01-01T00:00:00Z`.
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 6) {
      throw new IllegalArgumentException("expected BASE APP SOURCES VERSION TIME OUT");
    }
    new ContainerImage(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            arguments[3],
            Instant.parse(arguments[4]))
        .write(Path.of(arguments[5]));
  }

  /// Writes the image as an OCI archive to `out` and returns its digest.
  String write(Path out)
      throws IOException,
          InterruptedException,
          ExecutionException,
          RegistryException,
          CacheDirectoryCreationException,
          InvalidImageReferenceException {
    Path cache = Files.createTempDirectory("kaseb-image");
    try {
      JibContainer written =
          content()
              .containerize(
                  Containerizer.to(TarImage.at(out).named("kaseb:" + version))
                      .setOfflineMode(true)
                      .setToolName("kaseb-image")
                      .setBaseImageLayersCache(cache.resolve("base"))
                      .setApplicationLayersCache(cache.resolve("layers")));
      return written.getDigest().toString();
    } finally {
      try (Stream<Path> files = Files.walk(cache)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private JibContainerBuilder content() throws IOException, InvalidImageReferenceException {
    Predicate<String> ours = name -> name.startsWith("kaseb-");
    Path lib = app.resolve("lib");
    FileEntriesLayer.Builder kaseb = FileEntriesLayer.builder().setName("kaseb");
    for (String file : List.of("kaseb", "LICENSE", "NOTICE", "THIRD-PARTY.md")) {
      add(kaseb, sources.resolve(file), HOME + "/" + file);
    }
    add(kaseb, app.resolve("sbom.json"), HOME + "/sbom.json");
    Path licenses = sources.resolve("kaseb-app/src/dist/licenses");
    addFolder(kaseb, licenses, HOME + "/licenses", name -> true);
    addFolder(kaseb, lib, HOME + "/lib", ours);
    String jar = "kaseb-app-" + version + ".jar";
    add(kaseb, app.resolve(jar), HOME + "/lib/" + jar);
    FileEntriesLayer.Builder libraries = FileEntriesLayer.builder().setName("libraries");
    addFolder(libraries, lib, HOME + "/lib", ours.negate());
    FileEntriesLayer.Builder runtime = FileEntriesLayer.builder().setName("runtime");
    addFolder(runtime, app.resolve("runtime"), HOME + "/runtime", name -> true);
    return Jib.from(TarImage.at(base))
        .setFormat(ImageFormat.OCI)
        .setPlatforms(Set.of(new Platform(architecture(), "linux")))
        .setCreationTime(time)
        .setFileEntriesLayers(List.of(runtime.build(), libraries.build(), kaseb.build()))
        .setUser(USER)
        .setWorkingDirectory(AbsoluteUnixPath.get("/var/lib/kaseb"))
        .setEntrypoint("kaseb")
        // In a container loopback reaches nobody; off it the server asks for a token.
        .setProgramArguments("serve", MODEL, "--host", "0.0.0.0")
        .setExposedPorts(Port.tcp(8080))
        .setEnvironment(
            Map.of(
                "PATH", HOME + ":/usr/local/bin:/usr/bin:/bin",
                "LANG", "C.UTF-8",
                "HOME", "/var/lib/kaseb",
                // A container's memory is the server's own.
                "KASEB_JAVA_OPTS", "-XX:MaxRAMPercentage=70"))
        .setLabels(
            Map.of(
                "org.opencontainers.image.title", "Kaseb",
                "org.opencontainers.image.description",
                    "Purchase and next-item forecasts from click sessions",
                "org.opencontainers.image.licenses", "Apache-2.0",
                "org.opencontainers.image.version", version));
  }

  private void addFolder(
      FileEntriesLayer.Builder layer, Path folder, String target, Predicate<String> taken)
      throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (taken.test(file.getFileName().toString())) {
          String name = folder.relativize(file).toString().replace('\\', '/');
          add(layer, file, target + "/" + name);
        }
      }
    }
  }

  /// Adds a file that all may read and nobody but root may change.
  private void add(FileEntriesLayer.Builder layer, Path file, String target) {
    String name = target.substring(target.lastIndexOf('/') + 1);
    boolean program = target.startsWith(HOME + "/runtime/bin/") || EXECUTABLE.contains(name);
    layer.addEntry(
        file,
        AbsoluteUnixPath.get(target),
        FilePermissions.fromOctalString(program ? "755" : "644"),
        time);
  }

  /// Returns the processor of the machine that builds, which its runtime is for, by OCI's name.
  private static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64" -> "arm64";
      case String other -> other;
    };
  }
}
