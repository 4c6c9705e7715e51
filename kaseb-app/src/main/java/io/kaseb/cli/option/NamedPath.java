package io.kaseb.cli.option;

import io.kaseb.base.AtomicFiles;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The path of something that needs a name: a folder, or a file beside which others are written.
/// Standard output can be neither.
public final class NamedPath implements ITypeConverter<Path> {
  @Override
  public Path convert(String value) {
    Path path = Path.of(value);
    if (path.equals(AtomicFiles.STANDARD_OUTPUT)) {
      throw new TypeConversionException(
          "- is standard output; must be a name (./- for one that is just a dash)");
    }
    return path;
  }
}
