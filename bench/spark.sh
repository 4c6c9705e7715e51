#!/usr/bin/env bash
# What a click costs: `kaseb prepare` on this machine beside the same on Spark, in CPU seconds, which other work
# on the machine changes less than time. Prints the rows of docs/scale.md.
#
#   bench/spark.sh                     # 400,000 and 100,000 sessions on two cores, some ten minutes
#   bench/spark.sh 40000 10000 2       # fewer, to try it
#
# Spark is that of SPARK_HOME; without it one is put together from Maven's jars.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
many=${1:-400000}; few=${2:-100000}; threads=${3:-2}
kaseb=${KASEB:-$root/kaseb}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

home() { # makes a SPARK_HOME of the jars in the class path $1
  mkdir -p "$out/spark/jars" "$out/spark/bin"
  echo "Spark of Maven's jars" >"$out/spark/RELEASE"
  tr ':' '\n' <<<"$1" | while IFS= read -r jar; do ln -s "$jar" "$out/spark/jars/"; done
  cat >"$out/spark/bin/spark-submit" <<'SUBMIT'
#!/usr/bin/env bash
# As Spark's own: the launcher says which JVM to start.
export SPARK_HOME=$(cd "$(dirname "$0")/.." && pwd) SPARK_SCALA_VERSION=2.13
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command=()
begun=
end=$'\n'
while IFS= read -d "$end" -r word; do
  if [ -n "$begun" ]; then command+=("$word"); elif [ -z "$word" ]; then begun=yes; end=; else echo "$word" >&2; fi
done < <("$java" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@")
[ ${#command[@]} -gt 0 ] || exit 1
exec "${command[@]}"
SUBMIT
  chmod +x "$out/spark/bin/spark-submit"
  export SPARK_HOME=$out/spark
}

if [ -z "${SPARK_HOME:-}" ]; then
  if [ -z "${SPARK_CLASS_PATH:-}" ]; then
    (cd "$root" && mvn -B -q -DskipTests -pl kaseb-spark -am package \
      dependency:build-classpath -Dmdep.includeScope=provided -Dmdep.outputFile="$out/class-path" >&2)
    SPARK_CLASS_PATH=$(cat "$out/class-path")
  fi
  home "$SPARK_CLASS_PATH"
fi

cpu() { # NAME COMMAND...: writes the CPU seconds of a command into NAME, the wall clock into NAME.wall
  local name=$out/$1; shift
  /usr/bin/time -f '%U %S %e' -o "$name.time" "$@" >"$name.log" 2>&1 || { cat "$name.log" >&2; exit 1; }
  awk 'END { printf "%.1f", $1 + $2 }' "$name.time" >"$name"
  awk 'END { print $3 }' "$name.time" >"$name.wall"
}
prepare() { # LOG: the options of one log
  echo --format yoochoose --clicks "$out/$1/yoochoose-clicks.dat" --buys "$out/$1/yoochoose-buys.dat"
}
on_spark=(--master "local[$threads]" --conf spark.sql.shuffle.partitions=16 --conf spark.ui.enabled=false
  --conf spark.driver.memory=3g --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1
  --chunk-mb 8)
for log in many few; do
  "$kaseb" simulate --sessions "${!log}" --out "$out/$log" >/dev/null
  # shellcheck disable=SC2046 # options are words
  cpu "$log-spark" "$kaseb" prepare $(prepare $log) "${on_spark[@]}" --out "$out/$log-spark-out"
done
# shellcheck disable=SC2046
cpu one "$kaseb" prepare $(prepare many) --threads "$threads" --out "$out/one-out"
clicks() { wc -l <"$out/$1/yoochoose-clicks.dat"; }
buys() { wc -l <"$out/$1/yoochoose-buys.dat"; }
for part in train test items; do # the same dataset
  a=$(grep -o "\"$part\" : [^}]*" "$out/one-out/dataset.json" | head -1)
  b=$(grep -o "\"$part\" : [^}]*" "$out/many-spark-out/dataset.json" | head -1)
  [ "$a" = "$b" ] || { echo "the datasets differ in $part: $a / $b" >&2; exit 1; }
done

echo "date: $(date -u +%F), cores: $(nproc), load average: $(cut -d' ' -f1-3 /proc/loadavg)"
awk -v n="$(clicks many)" -v b="$(buys many)" -v m="$(clicks few)" -v c="$(buys few)" -v threads="$threads" \
  -v one="$(cat "$out/one")" -v many="$(cat "$out/many-spark")" -v few="$(cat "$out/few-spark")" 'BEGIN {
  each = (many - few) / (n - m)
  print "| step | CPU a click | from |"
  print "|---|---|---|"
  printf "| `kaseb prepare`, one machine | %.1f µs | %.1f CPU s for %d clicks and %d purchases |\n", 1e6 * one / n, one, n, b
  printf "| `prepare` on Spark, `local[%d]` | %.0f; %.0f beyond the first | %.0f CPU s for the same; %.0f CPU s for a log of %d clicks and %d purchases, so that starting and planning cost some %.0f CPU s and each further click %.0f µs |\n", threads, 1e6 * many / n, 1e6 * each, many, few, m, c, few - each * m, 1e6 * each
}'
