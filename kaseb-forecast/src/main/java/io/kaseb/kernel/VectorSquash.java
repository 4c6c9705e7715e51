package io.kaseb.kernel;

import static io.kaseb.kernel.VectorMath.L;
import static io.kaseb.kernel.VectorMath.S;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.incubator.vector.FloatVector;

/// The logistic function and the hyperbolic tangent, which are both `a + b / (1 + exp(c x))`.
///
/// A GRU calls them three times in a row. Inlined into one method the three exponentials outgrow
/// what the compiler inlines, and vectors land on the heap; so the loop is called through a method
/// handle that is no constant, which the compiler does not inline.
final class VectorSquash {
  /// Not final on purpose.
  private static MethodHandle loop = loop();

  private VectorSquash() {}

  /// Replaces `n` values, a multiple of the vector's length, by 1 / (1 + exp(-x)).
  static void sigmoid(int n, float[] x, int x0) {
    squash(n, x, x0, 0, 1, -1);
  }

  /// Replaces `n` values, a multiple of the vector's length, by 1 - 2 / (1 + exp(2x)), with an
  /// absolute error below 1e-7.
  static void tanh(int n, float[] x, int x0) {
    squash(n, x, x0, 1, -2, 2);
  }

  private static void squash(int n, float[] x, int x0, float a, float b, float c) {
    try {
      loop.invokeExact(n, x, x0, a, b, c);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle loop() {
    try {
      return MethodHandles.lookup()
          .findStatic(
              VectorSquash.class,
              "loop",
              MethodType.methodType(
                  void.class,
                  int.class,
                  float[].class,
                  int.class,
                  float.class,
                  float.class,
                  float.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unused") // by its handle
  private static void loop(int n, float[] x, int x0, float a, float b, float c) {
    for (int i = x0; i < x0 + n; i += L) {
      FloatVector e = VectorMath.exp(FloatVector.fromArray(S, x, i).mul(c));
      FloatVector.broadcast(S, b).div(e.add(1f)).add(a).intoArray(x, i);
    }
  }
}
