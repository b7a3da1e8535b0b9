# shellcheck shell=sh disable=SC2034,SC2154 # variables are those of the launcher
# Makes and chooses the JVM's start-up cache: classes and profiles of a rehearsal, so that the first answer comes within half a
# second. Sourced by the launcher, which has become_java.

# Sets caches to the folder of the start-up cache: that of the program, or where it has none and cannot be written to, one of the user
# (systemd's CACHE_DIRECTORY, or as XDG says). Sets of_build to what tells builds apart there.
find_caches() {
  caches=$build of_build=
  [ ! -w "$build" ] || return 0
  for made in "$build"/jvm-*.aot "$build"/jvm-*.jsa; do [ ! -f "$made" ] || return 0; done
  own=${CACHE_DIRECTORY:-${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}}
  case $own in /*) own=$own/caching-service/startup ;; *) return 0 ;; esac
  mkdir -p -- "$own" 2>/dev/null && [ -w "$own" ] || return 0
  caches=$own
  of_build=$(cksum <"$build/$program.jar")
  of_build=-${of_build%% *}
}

# A start-up cache belongs to one JVM and one build; from 25 on it holds profiles too (JEP 514, 515), before that classes only.
name_cache() {
  find_caches
  jvm=$(cksum "$java_home/release" 2>/dev/null || :)
  cache=$caches/jvm-$java_version-${jvm%% *}$of_build
  if [ "$java_version" -ge 25 ]; then
    make_cache=-XX:AOTCacheOutput use_cache=-XX:AOTCache need_cache=-XX:AOTMode=on cache=$cache.aot
  else
    make_cache=-XX:ArchiveClassesAtExit use_cache=-XX:SharedArchiveFile need_cache=-Xshare:auto cache=$cache.jsa
  fi
}

has_cache() { [ "$cache" -nt "$build/$program.jar" ]; }

# A cache is made and proved without the options of this start: it is for all starts.
plain() {
  unset JAVA_OPTS JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS CACHING_HEAP
  "$@"
}

train() {
  say "preparing fast starts, once ..."
  fresh=$caches/new.$$.${cache##*.}
  if attend plain become_java "$make_cache=$fresh" us.kbase.caching.cli.Main rehearse >"$caches/rehearsal.log" 2>&1 &&
    [ -s "$fresh" ] && # a JVM without an archive of its own classes makes none, and does not say so
    attend plain become_java "$use_cache=$fresh" "$need_cache" -version >>"$caches/rehearsal.log" 2>&1; then
    [ -z "$of_build" ] || rm -f -- "$caches"/jvm-* # of builds before; who runs with one keeps it
    publish "$fresh" "$cache"
  else
    rm -f -- "$fresh" "$fresh.config"
    touch -- "$cache.failed" || :
    say "no start-up cache could be made ($caches/rehearsal.log); starts are slower without."
  fi
}

# Makes the cache unless there is one, or one could not be made.
train_once() {
  if has_cache || [ "$cache.failed" -nt "$build/$program.jar" ] || [ ! -w "$caches" ]; then return; fi
  lock "$caches/training" "another command is preparing fast starts; waiting for it ..."
  if ! has_cache; then
    if can_lock; then rm -f -- "$caches"/new.*; fi # of who was killed
    train
  fi
  unlock
}

# Makes the cache unless there is one, and ends with 0 when there is.
train_on_demand() {
  rm -f -- "$cache.failed" 2>/dev/null || :
  train_once
  has_cache || end "there is no start-up cache in $caches."
}

# Whether the JVM starts with the cache and the options of this start. It ends when they contradict what the cache holds.
fits() { (become_java "$use_cache=$cache" -version) >/dev/null 2>&1; }

# Sets cache_flag. Where anything differs from how the cache was made, it is tried first.
choose_cache() {
  cache_flag=
  has_cache || return 0
  options=${CACHING_HEAP:-}${JAVA_OPTS:-}${JAVA_TOOL_OPTIONS:-}${JDK_JAVA_OPTIONS:-}${_JAVA_OPTIONS:-}
  if [ -n "$options" ] || [ "$charmap" != UTF-8 ]; then fits || return 0; fi
  cache_flag=$use_cache=$cache
}
