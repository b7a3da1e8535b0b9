#!/bin/sh
# Makes a Java runtime of the modules that the program needs, and no others, by the JDK of JAVA_HOME or the PATH:
#   deploy/image/runtime.sh PROGRAM RUNTIME
# PROGRAM holds caching-service.jar and lib, as target/ and the archive do; RUNTIME must not exist.
set -eu
program=$1
runtime=$2
bin=${JAVA_HOME:+$JAVA_HOME/bin/}

# From our own classes on, through all that they lead to. What libraries name and nobody has here (other loggers, Android) is left out.
# jdeps tells its errors where it tells the modules.
modules=$("${bin}jdeps" --recursive --ignore-missing-deps --multi-release base --print-module-deps \
  --class-path "$program/lib/*" "$program/caching-service.jar") || { echo "$modules" >&2; exit 1; }
echo "modules: $modules"

"${bin}jlink" --add-modules "$modules" --output "$runtime" --compress zip-6 --no-header-files --no-man-pages
# The archive of Java's own classes, for commands, which have no start-up cache: of the form that the launcher's flags ask for.
"$runtime/bin/java" -XX:+UseCompactObjectHeaders -Xshare:dump >/dev/null
du -sh "$runtime"
