#!/bin/sh
# Builds and runs the JMH benchmarks of the kernels, each on one thread in a process of its own. All of them take about five minutes.
# Usage: bench/jmh.sh [REGEX] [JMH OPTION...], for instance
#   bench/jmh.sh 'ProductBenchmark.scores$' -p batch=32 -rf json -rff products.json
#   bench/jmh.sh LossBenchmark -prof gc                                  (bytes allocated)
#   bench/jmh.sh RowBenchmark -jvmArgsAppend -Dkaseb.vector.bits=256     (or -Dkaseb.kernels=scalar)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -version 2>&1 | grep -q '"25' || { echo "bench/jmh.sh needs a JDK 25: set JAVA_HOME to its folder." >&2; exit 1; }
(cd "$root" && mvn -B -q -DskipTests -pl kaseb-bench -am package) >&2
exec "$java" --add-modules=jdk.incubator.vector -cp "$root/kaseb-bench/target/classes:$root/kaseb-bench/target/lib/*" org.openjdk.jmh.Main "$@"
