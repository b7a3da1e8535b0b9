# shellcheck shell=sh disable=SC2034,SC2154 # variables are those of the launcher
# Builds a program into a folder of its own, named by what its sources hold, and switches to it in whole: a process that runs keeps
# the build it was started with, whatever is built beside it (docs/adr/0036). Sourced by the launchers, after java.sh.

# The documents that the program serves as they stand, where it has any.
served_documents() { # folder
  for served in docs/openapi.yaml docs/api.html; do
    [ ! -f "$1/$served" ] || echo "$served"
  done
}

# Sets stamp, a name of what the sources hold, so that a build is found again whatever their times say. CRCs do: this tells apart
# what one checkout held, not what somebody forged; and every system has them.
source_stamp() { # folder
  # shellcheck disable=SC2046 # names without blanks
  stamp=$(cd -- "$1" && find src/main pom.xml $(served_documents .) -type f ! -name '.*' ! -name '*~' -exec cksum {} + | LC_ALL=C sort | cksum)
  stamp=${stamp%% *}
}

can_lock() { command -v flock >/dev/null; }

# Uses a build if it is complete, and says so to who removes old ones by a lock that ends with this process; it outlives exec.
hold() { # folder
  [ -r "$1/complete" ] || return 1
  build=$1
  can_lock || return 0
  command exec 8<"$1/complete" || return 1
  flock -s 8
  [ -e "$1/complete" ] || return 1 # somebody removed it while we waited
}

# Takes a lock that the kernel gives back with the end of its holder, however that ends. Where there is no flock, as on macOS,
# whoever comes makes a build of his own, of which one stays.
lock() { # file, what to say while waiting
  can_lock || return 0
  command exec 9>>"$1" || return 0
  flock -n 9 && return
  say "$2"
  flock 9
}

unlock() { exec 9>&-; }

# Runs a command in front; a signal that ends this script ends it too. It reads nothing of what is meant for the program.
attend() {
  "$@" </dev/null &
  attended=$!
  trap 'kill "$attended" 2>/dev/null; wait "$attended"; exit 143' HUP INT TERM
  wait "$attended" && status=0 || status=$?
  trap - HUP INT TERM
  return "$status"
}

# Gives a finished file or folder its name. What a crash leaves is then the whole of it, or nothing of that name.
publish() { # from, to
  find "$1" -type f -exec sync {} +
  mv -f -- "$1" "$2"
}

# Other builds that no process holds; who cannot lock cannot know.
remove_unused() {
  can_lock || return 0
  for old in "$builds"/*/; do
    old=${old%/}
    [ "$old" != "$build" ] && [ -f "$old/complete" ] || continue
    (flock -n 7 && rm -rf -- "$old") 2>/dev/null 7>>"$old/complete" || :
  done
}

# Sets builds to the first folder for builds that can be written: the checkout's, else the user's.
find_builds() {
  for builds in "$here/.builds" ${own_builds:+"$own_builds"}; do
    if mkdir -p -- "$builds" 2>/dev/null && [ -w "$builds" ]; then return; fi
  done
  end "the program is not built, and $here can't be written; build it once as who may write there."
}

maven() { # folder of the sources
  # Maven takes JAVA_HOME at its word; where that is no JDK, its toolchain looks for one.
  if [ -x "$java_home/bin/javac" ]; then export JAVA_HOME="$java_home"; else unset JAVA_HOME; fi
  cd -- "$1" || exit
  exec mvn -q -B -ntp -Dstyle.color=never -Dmaven.test.skip=true package
}

# Sets copy to a temporary folder with the sources, which goes with this process. They may change while they are built, and the
# compiler cannot read from every path that a checkout may have.
copy_sources() {
  copy=$(mktemp -d "${temporary:-/tmp}/$program.XXXXXX") || end "there is no temporary folder to build in; set TMPDIR to one."
  trap 'rm -rf -- "$copy"' EXIT
  { mkdir -- "$copy/src" "$copy/docs" && cp -R -- "$here/src/main" "$copy/src" && cp -- "$here/pom.xml" "$copy"; } ||
    end "the sources could not be copied to $copy to be built."
  for document in $(served_documents "$here"); do
    cp -- "$here/$document" "$copy/docs" || end "$document could not be copied to $copy to be built."
  done
  chmod -R u+w -- "$copy" # of a checkout that is read-only
}

build() {
  command -v mvn >/dev/null || end "the program is not built as its sources are, and Maven (mvn) was not found to build it."
  say "building, once ..."
  copy_sources
  source_stamp "$copy"
  if ! attend maven "$copy" >"$builds/build.log" 2>&1; then
    say_end_of "$builds/build.log"
    end "Maven could not build the program; what it said is in $builds/build.log."
  fi
  fresh=$builds/new.$$
  { mkdir -- "$fresh" && mv -- "$copy/target/$program.jar" "$copy/target/lib" "$fresh" && touch -- "$fresh/complete"; } ||
    end "the build could not be kept in $builds."
  rm -rf -- "$copy" "${builds:?}/$stamp"
  trap - EXIT
  publish "$fresh" "$builds/$stamp"
}

# Refuses a path that Java's class path cannot hold.
check_path() {
  case $here in *:*) end "Java cannot run a program below a folder with a colon in its name: $here" ;; esac
  case $here in *[!\ -~]*) ;; *) return 0 ;; esac
  [ "$charmap" = UTF-8 ] && command -v iconv >/dev/null || return 0
  printf %s "$here" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 ||
    end "Java cannot run a program below a folder whose name is no text in UTF-8: $here"
}

# Sets build to the folder of the program's jars: the launcher's own where it was installed, else a build of the sources beside it.
find_build() {
  check_path
  if [ ! -f "$here/pom.xml" ]; then
    build=$here
    [ -f "$build/$program.jar" ] || end "$build/$program.jar is missing; install the program again."
    return
  fi
  source_stamp "$here"
  own_builds=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
  own_builds=${own_builds:+$own_builds/caching-service/builds}
  case $own_builds in /*:* | [!/]*) own_builds= ;; esac
  hold "$here/.builds/$stamp" || { [ -n "$own_builds" ] && hold "$own_builds/$stamp"; } || make_build
}

make_build() {
  find_builds
  lock "$builds/lock" "another command is building the program; waiting for it ..."
  if ! hold "$builds/$stamp"; then # else that other one made it
    if can_lock; then rm -rf -- "$builds"/new.*; fi # of who was killed
    build
    hold "$builds/$stamp"
    remove_unused
  fi
  unlock
}
