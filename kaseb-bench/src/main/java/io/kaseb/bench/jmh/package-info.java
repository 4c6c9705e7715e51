/// JMH benchmarks of every kernel at the shapes of a training step of RSC15's best settings: 100
/// units, 2,048 negatives and a mini-batch's targets, which are some 2,080 columns.
@NullMarked
package io.kaseb.bench.jmh;

import org.jspecify.annotations.NullMarked;
