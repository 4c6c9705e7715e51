package io.kaseb.kernel;

import org.slf4j.LoggerFactory;

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
      LoggerFactory.getLogger(Kernels.class)
          .warn(
              "running on scalar kernels, far slower: start java with"
                  + " --add-modules=jdk.incubator.vector,"
                  + " or set JDK_JAVA_OPTIONS=--add-modules=jdk.incubator.vector");
      return new ScalarKernels();
    }
    return new VectorKernels();
  }
}
