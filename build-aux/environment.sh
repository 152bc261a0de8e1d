# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Where a command of build-aux runs: on this machine when its packages are new enough, else in a Debian
# root of our own (debian-root.sh) that bubblewrap enters. Sourced by the commands; docs/building.md says
# what people need to know about it.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
home=${HOME:-$(getent passwd "$EUID" | cut -d: -f6)}
place=$(realpath -ms -- "${MILLPOND_ROOT:-${XDG_CACHE_HOME:-$home/.cache}/millpond/debian-13}")
root=$place/root

# What the program is held to; meson.build has the same figures.
readonly required_libraries='gtk4 >= 4.18
libadwaita-1 >= 1.7
gio-unix-2.0 >= 2.84
libsoup-3.0 >= 3.6
json-glib-1.0 >= 1.10
libsecret-1 >= 0.21
sqlite3 >= 3.46
gstreamer-1.0 >= 1.26
gstreamer-play-1.0 >= 1.26
gstreamer-pbutils-1.0 >= 1.26'
readonly required_tools='cc meson ninja pkg-config msgfmt blueprint-compiler glib-compile-resources'

# A supervisor may have left us no standard input at all.
[[ -e /proc/self/fd/0 ]] || exec </dev/null

source "$top/build-aux/messages.sh"
source "$top/build-aux/debian-root.sh"

# packages_of TIER…: the names in those lists.
packages_of() {
  local tier
  for tier; do
    sed 's/#.*//' "$top/build-aux/packages/$tier"
  done | xargs
}

# Tiers build on each other: tiers_of test is 'run test'.
tiers_of() {
  case $1 in
    run) echo run ;;
    test) echo run test ;;
    bench) echo run test bench ;;
  esac
}

# Whether the distribution is one whose packages are named as in packages/ and new enough.
machine_is_recent_debian() {
  [[ -r /etc/os-release ]] && command -v dpkg-query apt-get >/dev/null || return 1

  local ID='' VERSION_ID=''
  # shellcheck source=/dev/null
  source /etc/os-release
  case $ID in
    debian) dpkg --compare-versions "${VERSION_ID:-999}" ge 13 ;;  # testing has no version
    ubuntu) dpkg --compare-versions "${VERSION_ID:-0}" ge 25.04 ;;
    *) return 1 ;;
  esac
}

missing_packages() {
  local packages=()
  read -ra packages < <(packages_of "$@")

  # dpkg-query fails when one is unknown, and that is no error here.
  { dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null || true; } |
    awk -v wanted="${packages[*]}" '
      $2 == "installed" { have[$1] = 1 }
      END { n = split(wanted, name, " "); for (i = 1; i <= n; i++) if (!(name[i] in have)) print name[i] }'
}

missing_tools_and_libraries() {
  local tool library
  for tool in $required_tools; do
    command -v "$tool" >/dev/null || echo "$tool"
  done
  while IFS= read -r library; do
    pkg-config --exists "$library" 2>/dev/null || echo "$library"
  done <<<"$required_libraries"
}

install_on_machine() {
  say "Installing on this machine: $*"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update --quiet=2 && apt-get install --yes --quiet=2 --no-install-recommends "$@"; } >&2 </dev/null && return
  say "The packages could not be installed (see above). Going on without, in a Debian root of its own."
  return 1
}

# Succeeds when this machine itself is the environment, after installing what it lacks if it may.
machine_serves() {
  local missing tiers
  read -ra tiers < <(tiers_of "$1")

  if machine_is_recent_debian; then
    missing=$(missing_packages "${tiers[@]}" | xargs)
    [[ -z $missing ]] && return
    if [[ $EUID == 0 ]]; then
      # shellcheck disable=SC2086
      install_on_machine $missing
      return
    fi
    note_missing_packages "$missing"
    return 1
  fi

  command -v apt-get dpkg-deb >/dev/null && return 1

  missing=$(missing_tools_and_libraries | paste -sd, | sed 's/,/, /g')
  [[ -z $missing ]] && return
  die "This machine is not a Debian or Ubuntu, and lacks what Millpond is built with: $missing." \
      "Install these in at least the versions named, with the GStreamer plug-ins (base, good, bad, libav, gtk4)."
}

# An ordinary user cannot install: the root serves instead, and is told of once, when it is made.
note_missing_packages() {
  root_has_tiers run && return
  say "This machine is new enough, but some packages are missing. To use it itself:" \
      "  sudo apt-get install --no-install-recommends $1" \
      "Going on without, in a Debian root of its own."
}

inside_root() {
  [[ -e /etc/millpond-root ]]
}

# Directories of the machine that are seen inside, at the same paths.
bind_machine() {
  local path name

  for path in /*; do
    name=${path#/}
    case $name in
      bin | boot | dev | etc | lib | lib32 | lib64 | libx32 | lost+found | proc | run | sbin | sys | usr | var) ;;
      *)
        if [[ -L $path ]]; then
          bwrap+=(--symlink "$(readlink "$path")" "$path")
        elif [[ -d $path ]]; then
          bwrap+=(--bind "$path" "$path")
        fi
        ;;
    esac
  done
  bwrap+=(--bind-try /usr/src /usr/src --bind /var/tmp /var/tmp)

  # These can lie below /var or /run, which are not the machine's.
  for path in "$home" "$top" "$PWD" "$place" "${XDG_RUNTIME_DIR:-}" "${XAUTHORITY:-}" /run/dbus; do
    if [[ $path == /var/* || $path == /run/* ]] && [[ -e $path ]]; then
      bwrap+=(--bind "$path" "$path")
    fi
  done

  for path in /etc/resolv.conf /etc/hosts /etc/localtime; do
    bwrap+=(--ro-bind-try "$path" "$path")
  done
}

# find_bwrap ROOT: sets the array 'bwrap' to the bubblewrap in ROOT, run through ROOT's own loader and
# libraries: the machine may have none. In some containers root needs a user namespace like anybody else.
find_bwrap() {
  local loader

  loader=$(echo "$1"/usr/lib/*-linux-gnu*/ld-linux*.so.*)
  bwrap=("$loader" --library-path "${loader%/*}" "$1/usr/bin/bwrap" --die-with-parent)
  if [[ $EUID == 0 ]]; then
    bwrap+=(--cap-add ALL)
    unshare --mount true 2>/dev/null || bwrap+=(--unshare-user)
  fi
}

# Completes 'bwrap' to the command that enters the root; file descriptors 3 and 4 are its passwd and group.
prepare_bwrap() {
  local name

  find_bwrap "$root"
  bwrap+=(--ro-bind "$root/usr" /usr --ro-bind "$root/etc" /etc)
  for name in bin sbin lib lib64; do
    [[ -e $root/usr/$name ]] && bwrap+=(--symlink "usr/$name" "/$name")
  done
  bwrap+=(--dev-bind /dev /dev --ro-bind /sys /sys
          --dir /run --dir /var/lib/nginx --dir /var/log/nginx --ro-bind "$root/var/cache" /var/cache
          --symlink ../run /var/run)
  bind_machine
  bwrap+=(--ro-bind-data 3 /etc/passwd --ro-bind-data 4 /etc/group --chdir "$PWD")
}

passwd_inside() {
  cat "$root/etc/passwd"
  [[ $EUID == 0 ]] || echo "$(id -un 2>/dev/null || echo "user$EUID"):x:$EUID:$(id -g):Millpond developer:$home:/bin/bash"
}

group_inside() {
  cat "$root/etc/group"
  grep -q "^[^:]*:[^:]*:$(id -g):" "$root/etc/group" || echo "$(id -gn 2>/dev/null || echo "group$(id -g)"):x:$(id -g):"
}

# Variables that name files of the machine which are not there inside, or do not fit.
leave_machine() {
  unset LD_LIBRARY_PATH LD_PRELOAD PYTHONHOME PYTHONPATH PKG_CONFIG_PATH PKG_CONFIG_LIBDIR GI_TYPELIB_PATH \
    GIO_MODULE_DIR GIO_EXTRA_MODULES GTK_PATH GDK_PIXBUF_MODULE_FILE GST_PLUGIN_PATH GST_PLUGIN_SYSTEM_PATH \
    GST_PLUGIN_PATH_1_0 GST_PLUGIN_SYSTEM_PATH_1_0 XDG_DATA_DIRS XDG_CONFIG_DIRS BASH_ENV ENV
  export PATH=/usr/bin:/usr/sbin SHELL=/bin/bash
  export GST_REGISTRY_1_0=${GST_REGISTRY_1_0:-/var/cache/gstreamer-1.0/registry.bin}
}

check_directories() {
  local path
  for path in "$top" "$PWD"; do
    case $path in
      /usr/src/*) ;;
      /usr/* | /etc/*)
        [[ -d $root$path ]] || die "$path cannot be seen in the build environment, which has its own ${path%"${path#/*/}"}" \
          "Call from another directory, with the source tree in one like the home directory."
        ;;
    esac
  done
}

check_entry() {
  local said
  said=$("${bwrap[@]}" "${processes[@]}" -- /usr/bin/true 3< <(passwd_inside) 4< <(group_inside) 2>&1) && return

  [[ ${processes[0]} == --unshare-pid ]] && return 1
  unshare_mount || explain_namespaces
  die "The root in $root cannot be entered: ${said:-no reason given}"
}

# enter_root COMMAND…: runs COMMAND inside and returns its status. With 'contain' set to yes nothing that it
# started outlives it. We stay as the parent, because bubblewrap itself dies of the signals that people and
# supervisors send to the program, and takes the program with it before it can put its state in order.
enter_root() {
  local bwrap=() processes=(--bind /proc /proc) status=0 pid

  check_directories
  leave_machine
  prepare_bwrap
  if [[ ${contain:-no} == yes ]]; then
    processes=(--unshare-pid --proc /proc)
    check_entry || { processes=(--bind /proc /proc); contain=no; }
  fi
  [[ ${contain:-no} == yes ]] || check_entry

  (
    trap '' INT QUIT TERM HUP
    exec "${bwrap[@]}" "${processes[@]}" -- /usr/bin/env --default-signal=INT,QUIT,TERM,HUP -- "$@" \
      3< <(passwd_inside) 4< <(group_inside)
  ) <&0 &
  pid=$!
  trap : INT QUIT
  trap 'pass_on TERM "$pid"' TERM
  trap 'pass_on HUP "$pid"' HUP
  while kill -0 "$pid" 2>/dev/null; do
    wait "$pid" || true
  done
  wait "$pid" || status=$?
  trap - INT QUIT TERM HUP
  return "$status"
}

# pass_on SIGNAL PID: to the program that bubblewrap PID runs.
pass_on() {
  if [[ ${contain:-no} == yes ]]; then
    kill -KILL "$2"
  else
    # shellcheck disable=SC2046
    kill "-$1" $(cat "/proc/$2/task/$2/children" 2>/dev/null) 2>/dev/null || true
  fi
}

# need_environment TIER SCRIPT ARGUMENT…: returns when the caller is already where it should run, else runs
# SCRIPT there and exits with its status.
need_environment() {
  local tier=$1
  shift
  if inside_root; then
    grep -q "^$tier " /etc/millpond-root && return
    die "This build environment lacks what 'build-aux/$tier' needs: call it from outside."
  fi
  machine_serves "$tier" && return
  make_root "$tier"
  local status=0
  enter_root "$@" || status=$?
  exit "$status"
}

# Names the environment, so that a build tree made in another one is noticed.
environment_name() {
  if inside_root; then
    grep '^recipe' /etc/millpond-root
  else
    echo "machine $(sed -n 's/^PRETTY_NAME=//p' /etc/os-release)"
  fi
}
