package io.kaseb;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// Whatever is public says what it is.
class DocumentedTest {
  /// Collects public types, methods and fields of public types that have no comment.
  private static final class Undocumented extends TreePathScanner<Void, List<String>> {
    private final DocTrees docs;

    private Undocumented(DocTrees docs) {
      this.docs = docs;
    }

    @Override
    public Void visitClass(ClassTree type, List<String> found) {
      if (!isPublic(type.getModifiers())) {
        return null;
      }
      check(type.getSimpleName().toString(), found);
      return super.visitClass(type, found);
    }

    @Override
    public Void visitMethod(MethodTree method, List<String> found) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      if (isPublic(method.getModifiers()) && !overrides) {
        check(method.getName().toString(), found);
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree field, List<String> found) {
      // Constants of an enum are named to be read.
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      boolean isOption =
          parent instanceof ClassTree type
              && type.getKind() == Tree.Kind.ENUM
              && String.valueOf(field.getType()).equals(type.getSimpleName().toString());
      if (isPublic(field.getModifiers()) && !isOption) {
        check(field.getName().toString(), found);
      }
      return null;
    }

    /// Whether a member is public by its word or, in an interface, without.
    private boolean isPublic(ModifiersTree modifiers) {
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      return modifiers.getFlags().contains(Modifier.PUBLIC)
          || (parent.getKind() == Tree.Kind.INTERFACE
              && !modifiers.getFlags().contains(Modifier.PRIVATE));
    }

    private void check(String name, List<String> found) {
      TreePath path = getCurrentPath();
      if (docs.getDocComment(path) == null) {
        CompilationUnitTree unit = path.getCompilationUnit();
        long place = docs.getSourcePositions().getStartPosition(unit, path.getLeaf());
        found.add(
            "%s:%d %s"
                .formatted(
                    unit.getSourceFile().getName(), unit.getLineMap().getLineNumber(place), name));
      }
    }
  }

  @Test
  void publicTypesMethodsAndFieldsHaveComments() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("kaseb-tune", "kaseb-forecast", "kaseb-core", "kaseb-app")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    assertThat(sources).hasSizeGreaterThan(300);
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(sources));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Undocumented(docs).scan(unit, found);
      }
    }
    assertThat(found).isEmpty();
  }
}
