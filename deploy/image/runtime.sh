#!/bin/sh
# Makes a Java runtime of the modules that the program needs, and no others, by the JDK of JAVA_HOME or the PATH:
#   deploy/image/runtime.sh PROGRAM RUNTIME
# PROGRAM holds caching-service.jar and lib, as target/ and the archive do; RUNTIME must not exist.
set -eu
program=$1
runtime=$2
bin=${JAVA_HOME:+$JAVA_HOME/bin/}

# What libraries name and nobody has here (other loggers, Android) is left out; the newest classes of each jar count.
modules=$("${bin}jdeps" --ignore-missing-deps --multi-release base --print-module-deps \
  --class-path "$program/lib/*" "$program/caching-service.jar" "$program"/lib/*.jar)
echo "modules: $modules"

# The archive of the runtime's own classes is for commands, which have no start-up cache.
"${bin}jlink" --add-modules "$modules" --output "$runtime" --compress zip-6 --no-header-files --no-man-pages \
  --generate-cds-archive
du -sh "$runtime"
