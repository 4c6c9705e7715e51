package io.kaseb;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The lists under `api`, by which the build finds a break of the public API, are whole.
class ApiTest {
  private static final JavaClasses KASEB =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kaseb");

  private static List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String module : List.of("kaseb-tune", "kaseb-forecast", "kaseb-core")) {
      lines.addAll(Files.readAllLines(Path.of("../api", module + ".txt")));
    }
    lines.removeIf(line -> line.startsWith("#"));
    return lines;
  }

  /// Whether one of the patterns, `a.package.*` or `a.package.Type`, names the type or the one that
  /// it is nested in.
  private static boolean isNamed(JavaClass type, List<String> patterns) {
    String outermost = type.getName().replaceFirst("[$].*", "");
    return patterns.contains(outermost) || patterns.contains(type.getPackageName() + ".*");
  }

  private static Stream<JavaType> signature(JavaMember member) {
    return switch (member) {
      case JavaField field -> Stream.of(field.getType());
      case JavaCodeUnit method ->
          Stream.concat(
              Stream.of(method.getReturnType()),
              Stream.concat(
                  method.getParameterTypes().stream(), method.getExceptionTypes().stream()));
      default -> throw new IllegalStateException(member.toString());
    };
  }

  @Test
  void whateverStandsInTheApiIsListed() throws IOException {
    List<String> api = lines().stream().filter(line -> !line.startsWith("opaque ")).toList();
    List<String> opaque =
        lines().stream()
            .filter(line -> line.startsWith("opaque "))
            .map(line -> line.substring("opaque ".length()))
            .toList();
    TreeSet<String> missing = new TreeSet<>();
    for (JavaClass type : KASEB) {
      if (!isNamed(type, api) || !type.getModifiers().contains(JavaModifier.PUBLIC)) {
        continue;
      }
      type.getMembers().stream()
          .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC))
          .flatMap(ApiTest::signature)
          .flatMap(t -> t.getAllInvolvedRawTypes().stream())
          .filter(t -> t.getPackageName().startsWith("io.kaseb"))
          .filter(t -> !isNamed(t, api) && !isNamed(t, opaque))
          .forEach(t -> missing.add(t.getBaseComponentType().getName() + " in " + type.getName()));
    }
    assertThat(missing).as("name them in api/MODULE.txt, or as opaque").isEmpty();
  }

  @Test
  void whateverIsListedIsThere() throws IOException {
    for (String line : lines()) {
      List<String> pattern = List.of(line.replaceFirst("^opaque ", ""));
      assertThat(KASEB.stream().anyMatch(type -> isNamed(type, pattern))).as(line).isTrue();
    }
  }
}
