# shellcheck shell=sh disable=SC2034,SC2154 # variables are those of the launcher
# Finds a Java that is new enough, and prepares what any Java is started with. Sourced by the launchers, which set:
#   program      the name that messages begin with
#   exit_unable  the exit code of a program that cannot be started
#   verb         the command of the program, where it has any

# Whether what is said goes where programs read a gateway's log.
says_json() { [ "${CACHING_LOG:-}:${verb:-}" = json:serve ]; }

# One line, for a person or in the form of the gateway's log.
tell() { # level, text
  if says_json; then
    text=$(printf %s "$2" | tr '[:cntrl:]' ' ' | sed 's/[\\"]/\\&/g')
    printf '{"time":"%s","level":"%s","logger":"launcher","thread":"main","message":"%s"}\n' \
      "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$text" >&2
  else
    echo "$program: $2" >&2
  fi
}

say() { tell INFO "$*"; }

# The last lines of a file as they are.
say_end_of() { # file
  if says_json; then
    tail -n 20 "$1" | while IFS= read -r line; do tell ERROR "$line"; done
  else
    tail -n 20 "$1" >&2
  fi
}

end() {
  tell ERROR "$*"
  exit "$exit_unable"
}

# Sets java_version from a JDK's file "release", without a process: every start of the program waits for this.
read_version() { # file
  while read -r line || [ -n "$line" ]; do
    case $line in JAVA_VERSION=*) java_version=${line#JAVA_VERSION=} ;; esac
  done <"$1"
  java_version=${java_version#\"}
}

# Sets java_home and java_version by asking java, which costs a quarter of a second: a script that stands for java, as version
# managers have, or a JDK without the file.
ask_java() { # executable
  told=$(unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS && "$1" -XshowSettings:properties -version 2>&1) || return 1
  java_home=$(echo "$told" | sed -n 's/^ *java\.home = //p')
  java_version=$(echo "$told" | sed -n 's/^ *java\.specification\.version = //p')
}

# Sets java_home and java_version (the major one) of an executable.
look_at_java() { # executable
  java_version=
  java_home=$(readlink -f -- "$1") || return 1
  java_home=${java_home%/bin/java}
  if [ -x "$java_home/bin/java" ] && [ -r "$java_home/release" ]; then read_version "$java_home/release"; fi
  if [ -z "$java_version" ]; then ask_java "$1" || return 1; fi
  java_version=${java_version%%[!0-9]*}
  [ -n "$java_version" ]
}

# Sets java, java_home and java_version to the first Java from 21 on.
find_java() {
  too_old=
  for java in "${JAVA_HOME:-/nonexistent}/bin/java" "$(command -v java || :)" \
      /usr/lib/jvm/*/bin/java /opt/java/*/bin/java /opt/jdk*/bin/java "${HOME:-/nonexistent}"/.sdkman/candidates/java/*/bin/java \
      /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java; do
    [ -x "$java" ] && look_at_java "$java" || continue
    if [ "$java_version" -ge 21 ]; then
      java=$java_home/bin/java
      return
    fi
    too_old=${too_old:-", only Java $java_version ($java)"}
  done
  end "no Java 21 or newer was found$too_old; install Java 21 or newer, or set JAVA_HOME to one."
}

# In an ASCII locale Java reads every other byte of a path or an argument as a question mark. What was set goes to Java as
# CALLERS_LC_ALL, empty for nothing, so that a command of `run` gets it again. Sets charmap to that of the locale.
mend_locale() {
  unset CALLERS_LC_ALL # of a launcher that began this one
  charmap=$(locale charmap 2>/dev/null) || charmap=UTF-8 # musl has this one only, and no command to ask
  [ "$charmap" = ANSI_X3.4-1968 ] || return 0
  export CALLERS_LC_ALL="${LC_ALL-}" LC_ALL=C.UTF-8
  charmap=UTF-8
}

# Sets temporary to a folder that can be written: TMPDIR, which Java does not ask for, or another where /tmp is read-only; empty
# for Java's own choice.
find_temporary() {
  temporary=
  for folder in "${TMPDIR:-/tmp}" /tmp /var/tmp "${XDG_RUNTIME_DIR:-/nonexistent}" /dev/shm; do
    case $folder in /*) [ -d "$folder" ] && [ -w "$folder" ] || continue ;; *) continue ;; esac
    [ "$folder" = /tmp ] || temporary=$folder
    return 0
  done
}

# Whether somebody chose a garbage collector: the JVM refuses to be told two.
collector_is_chosen() { # options for this program
  for word in $1 ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-}; do
    case $word in -XX:+Use*GC) return 0 ;; esac
  done
  return 1
}

# Sets classpath to the jars of a folder in a fixed order. The JVM would expand a * in the order of the folder, which a copy of it
# changes, and the shell sorts by the locale; with another order the JVM refuses its start-up cache.
list_jars() { # folder, name
  classpath=$(
    LC_ALL=C
    printf %s "$1/$2.jar"
    for library in "$1"/lib/*.jar; do printf :%s "$library"; done
  )
}
