package io.kaseb.kernel;

import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/// Picks the kernels once for each process.
final class KernelChoice {
  private KernelChoice() {}

  static Kernels best() {
    String wanted = System.getProperty("kaseb.kernels", "vector");
    if (wanted.equals("scalar")) {
      return new ScalarKernels();
    }
    if (!wanted.equals("vector")) {
      throw new IllegalArgumentException("kaseb.kernels=" + wanted + "; must be vector or scalar");
    }
    // Touching a class of the module before this check would fail where it is absent.
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      warn(
          "running on scalar kernels, far slower: start java with"
              + " --add-modules=jdk.incubator.vector,"
              + " or set JDK_JAVA_OPTIONS=--add-modules=jdk.incubator.vector"
              + " (-Dkaseb.kernels=scalar is scalar without this line)");
      return new ScalarKernels();
    }
    return new VectorKernels();
  }

  /// Warns through slf4j, or, where it has no provider and would swallow the warning, to standard
  /// error.
  private static void warn(String text) {
    if (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory) {
      System.err.println("kaseb: " + text);
    } else {
      LoggerFactory.getLogger(Kernels.class).warn(text);
    }
  }
}
