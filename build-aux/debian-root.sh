# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Makes the Debian 13 root in $place: packages are fetched by the machine's own apt under a configuration of
# ours, unpacked as files of the caller, and set up by configure-root instead of their maintainer scripts,
# which expect to be root with many user ids. Sourced by environment.sh.
#
#   root/        the finished root; its etc/millpond-root says of which recipe and tiers it was made
#   root.new/    one in the making, thrown away when found
#   apt/         lists and packages, kept after an interruption until the root is finished
#   lock, log

readonly release_name=trixie
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# libgstreamer-plugins-bad1.0-dev depends on these for a header that Millpond does not use: 170 MB.
readonly stand_ins='libgstreamer-opencv1.0-0 libopencv-dev'
# The lists, a margin for what configure-root makes, and dpkg-deb at work.
readonly spare_megabytes=400

hash_of() {
  cat "$@" | sha256sum | cut -c1-16
}

# What a root is made of besides its tiers; another recipe means another root.
recipe() {
  hash_of "$top"/build-aux/{configure-root,unpack-package,packages/root} <(echo "$release_name $stand_ins")
}

# tier_line TIER: what etc/millpond-root says when the root has that tier as it is now.
tier_line() {
  echo "$1 $(hash_of "$top/build-aux/packages/$1")"
}

root_is_current() {
  grep -qsx "recipe $(recipe)" "$root/etc/millpond-root"
}

root_has_tiers() {
  local tier
  root_is_current || return
  for tier; do
    grep -qx "$(tier_line "$tier")" "$root/etc/millpond-root" || return
  done
}

# make_root TIER: sees to it that the root is there with that tier and those below it.
make_root() {
  local tiers
  read -ra tiers < <(tiers_of "$1")
  root_has_tiers "${tiers[@]}" && return

  check_tools
  if ! mkdir -p "$place" 2>/dev/null || [[ ! -w $place ]]; then
    die "The build environment cannot be made: $place is not writable." \
        "Set MILLPOND_ROOT to a directory with room for it."
  fi
  [[ ,$(findmnt --noheadings --output OPTIONS --target "$place"), != *,noexec,* ]] ||
    die "The build environment cannot be made: programs may not run from $place (noexec)." \
        "Set MILLPOND_ROOT to a directory elsewhere."
  exec 9>"$place/lock"
  if ! flock --nonblock 9; then
    say "Another call is making the build environment; waiting for it."
    flock 9
    root_has_tiers "${tiers[@]}" && { exec 9>&-; return; }
  fi

  trap 'say "Interrupted. The next call goes on with what was fetched."; exit 130' INT
  log=$place/log
  : >"$log"
  remove_leftovers
  check_space "$spare_megabytes"
  check_namespaces
  if root_is_current; then
    add_to_root "${tiers[@]}"
  else
    make_new_root "${tiers[@]}"
  fi
  rm -rf "$place/apt" "$place/root.old"
  trap - INT
  exec 9>&-
}

make_new_root() {
  say "Making the build environment in $place. This is done once."
  write_apt_configuration
  update_lists "$place/apt/no-status"
  resolve_packages "$@"
  fetch_packages
  mkdir -p "$place/root.new/usr/"{bin,sbin,lib,lib64} "$place/root.new/var/lib/dpkg/status.d"
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$place/root.new"
  unpack_packages "$place/root.new"
  configure_root "$place/root.new" "$@"
  if [[ -e $root ]]; then
    mv -T "$root" "$place/root.old"
  fi
  mv -T "$place/root.new" "$root"
  say "The build environment is ready ($SECONDS s)."
}

# Adds packages where the root is in use, perhaps: nothing that is there changes, and until its line is in
# etc/millpond-root a tier counts as absent and is added again.
add_to_root() {
  say "Adding to the build environment in $place what '${*: -1}' needs. This is done once."
  write_apt_configuration
  update_lists "$root/var/lib/dpkg/status"
  resolve_packages "$@"
  if (( ${#superseded[@]} > 0 )); then
    make_new_root "$@"
    return
  fi
  fetch_packages
  unpack_packages "$root"
  configure_root "$root" "$@"
  say "The build environment is ready ($SECONDS s)."
}

remove_leftovers() {
  if [[ -e $place/root.old && ! -e $root ]]; then
    mv -T "$place/root.old" "$root"
  fi
  rm -rf "$place/root.new" "$place/root.old"
}

check_tools() {
  local tool
  for tool in apt-get dpkg-deb tar xargs flock setpriv unshare findmnt sha256sum; do
    command -v "$tool" >/dev/null || die "The build environment cannot be made: this machine has no '$tool'."
  done
  [[ -r $keyring ]] ||
    die "The build environment cannot be made: $keyring is missing." \
        "Install the package debian-archive-keyring."
}

free_megabytes() {
  echo $(( $(df --output=avail --block-size=1M "$place" | tail -n 1) ))
}

# check_space MEGABYTES
check_space() {
  local free
  free=$(free_megabytes)
  (( free >= $1 )) ||
    die "Not enough disk space: $(df --output=target "$place" | tail -n 1) has $free MB free, and the build" \
        "environment in $place needs $1 MB more while it is made." \
        "Free some space, or set MILLPOND_ROOT to a directory elsewhere."
}

check_namespaces() {
  unshare_mount && return
  explain_namespaces
  exit 1
}

unshare_mount() {
  if [[ $EUID == 0 ]] && unshare --mount true 2>/dev/null; then
    return
  fi
  # A mount is tried too: some systems make the namespace and then allow nothing in it.
  unshare --user --map-root-user --mount mount -t tmpfs none /tmp 2>/dev/null
}

explain_namespaces() {
  say "This machine does not let $(id -un 2>/dev/null || echo you) make mount namespaces, which the build environment is entered with."
  if [[ $(cat /proc/sys/user/max_user_namespaces 2>/dev/null) == 0 ]]; then
    say "They are switched off. As root: sysctl user.max_user_namespaces=10000"
  elif [[ $(cat /proc/sys/kernel/unprivileged_userns_clone 2>/dev/null) == 0 ]]; then
    say "They are kept from ordinary users. As root: sysctl kernel.unprivileged_userns_clone=1"
  elif [[ $(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null) == 1 ]]; then
    say "AppArmor keeps them from ordinary users. As root: sysctl kernel.apparmor_restrict_unprivileged_userns=0"
  else
    say "This looks like a container or another sandbox that forbids them. Start it with that right" \
        "(Docker, Podman: --privileged, or --security-opt seccomp=unconfined --cap-add SYS_ADMIN)."
  fi
  say "A machine with Debian 13 or newer needs none of this."
}

# The machine's own Debian archives, as 'URI SUITE', for our release instead of the machine's.
machine_archives() {
  apt-get update --print-uris 2>/dev/null |
    sed -nE "s,^'([^' ]*[/-](debian|debian-security)(\.list)?)/+dists/([a-z]+)(-updates|-security)?/InRelease'.*,\1 $release_name\5,p" |
    grep -v '^cdrom:' | sort -u
}

write_apt_configuration() {
  local archives uri release architecture dir=$place/apt

  # In front of each apt command, which is to end when we do.
  apt=(env APT_CONFIG="$dir/apt.conf" LC_ALL=C setpriv --pdeathsig TERM)
  if [[ -n ${MILLPOND_MIRROR:-} ]]; then
    archives="$MILLPOND_MIRROR $release_name"
  else
    archives=$(machine_archives)
  fi
  [[ -n $archives ]] ||
    die "No Debian archive is known: this machine's apt sources name none." \
        "Set MILLPOND_MIRROR to the address of one (it ends in /debian)."

  architecture=$(dpkg --print-architecture)
  mkdir -p "$dir"/{lists,archives,empty}/partial
  while read -r uri release; do
    echo "deb [arch=$architecture signed-by=$keyring] $uri $release main"
  done <<<"$archives" >"$dir/sources.list"
  : >"$dir/no-status"

  # How the machine reaches the network (proxies, time limits) is kept; its hooks and preferences are not.
  {
    apt-config dump | grep '^Acquire::' | grep -v '^Acquire::\(IndexTargets\|Languages\|GzipIndexes\|Changelogs\)' || true
    cat <<-END
	APT::Architecture "$architecture";
	APT::Architectures { "$architecture"; };
	APT::Install-Recommends "false";
	APT::Sandbox::User "root";
	APT::Update::Error-Mode "any";
	Acquire::Languages "none";
	Acquire::PDiffs "false";
	Acquire::Retries "2";
	Dir::Etc::main "/dev/null";
	Dir::Etc::parts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::Etc::sourcelist "$dir/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::State "$dir";
	Dir::State::status "$dir/status";
	Dir::Cache "$dir";
	END
  } >"$dir/apt.conf"
}

# The archives may be more than Debian's, or lack the suites for updates: the first that serves alone will do.
update_from_one_archive() {
  local archives archive

  mapfile -t archives < <(grep " $release_name main\$" "$place/apt/sources.list")
  for archive in "${archives[@]}"; do
    echo "$archive" >"$place/apt/sources.list"
    "${apt[@]}" apt-get update >>"$log" 2>&1 && return
  done
  return 1
}

# update_lists STATUS: STATUS describes the packages that are there.
update_lists() {
  local version

  begin_step "reading the package lists"
  cp "$1" "$place/apt/status"
  "${apt[@]}" apt-get update >>"$log" 2>&1 || update_from_one_archive || fail_fetching

  version=$("${apt[@]}" apt-cache show --no-all-versions "${stand_ins%% *}" | sed -n 's/^Version: //p')
  cat >>"$place/apt/status" <<-END
	Package: millpond-stand-ins
	Status: install ok installed
	Maintainer: nobody
	Architecture: all
	Version: 1
	Provides: ${stand_ins%% *} (= $version), ${stand_ins##* } (= 9)

	END
}

# Sets 'wanted' to the packages asked for, 'resolved' to the files they come down to, 'superseded' to those
# of which the root has another version.
resolve_packages() {
  local uris sizes fetched

  read -ra wanted < <(packages_of root "$@")
  # apt leaves out what has been fetched already, unless it looks in an empty place.
  uris=$("${apt[@]}" apt-get install --yes --quiet=2 --print-uris -o Dir::Cache::archives="$place/apt/empty" \
    '?essential' "${wanted[@]}" 2>>"$log") ||
    fail "The archive lacks packages that are needed."
  mapfile -t resolved < <(awk 'NF { print $2 }' <<<"$uris")
  mapfile -t superseded < <(printf '%s\n' "${resolved[@]%%_*}" |
    grep -Fxf <(sed -n 's/^Package: //p' "$place/apt/status") || true)
  megabytes=$(awk '{ sum += $3 } END { print int(sum / 1e6) + 1 }' <<<"$uris")

  (( ${#resolved[@]} > 0 )) || return 0
  sizes=$("${apt[@]}" apt-cache show --no-all-versions "${resolved[@]%%_*}" 2>>"$log" |
    awk '/^Installed-Size:/ { sum += $2 } END { print int(sum / 1024) }')
  fetched=$(du --summarize --block-size=1M "$place/apt/archives" | cut -f1)
  check_space $(( megabytes - fetched + sizes + spare_megabytes ))
}

fetch_packages() {
  (( ${#resolved[@]} > 0 )) || return 0
  begin_step "fetching ${#resolved[@]} packages, $megabytes MB"
  "${apt[@]}" apt-get install --yes --download-only -o APT::Status-Fd=3 '?essential' "${wanted[@]}" 3>&1 >>"$log" 2>&1 |
    while IFS=: read -r kind _ percent _; do
      [[ $kind != dlstatus ]] || progress "fetching ${#resolved[@]} packages: ${percent%.*} % of $megabytes MB"
    done || fail_fetching
}

# unpack_packages ROOT
unpack_packages() {
  local count=0

  (( ${#resolved[@]} > 0 )) || return 0
  begin_step "unpacking"
  printf '%s\n' "${resolved[@]}" |
    setpriv --pdeathsig KILL xargs --max-procs="$(nproc)" --max-args=1 \
      "$BASH" "$top/build-aux/unpack-package" "$1" "$place/apt/archives" 2>>"$log" |
    while read -r _; do
      count=$(( count + 1 ))
      progress "unpacking: $count of ${#resolved[@]} packages"
    done || fail "A package could not be unpacked."
  cat "$1"/var/lib/dpkg/status.d/* >"$1/var/lib/dpkg/status" || fail "The root could not be finished."
}

# configure_root ROOT TIER…
configure_root() {
  local bwrap=() new=$1 tier identity=()
  shift

  begin_step "setting up"
  [[ $EUID == 0 ]] || identity=(--unshare-user --uid 0 --gid 0)
  find_bwrap "$new"
  "${bwrap[@]}" "${identity[@]}" --bind "$new" / --dev-bind /dev /dev --bind /proc /proc \
    --tmpfs /tmp --chdir / --clearenv --setenv PATH /usr/bin:/usr/sbin --setenv LC_ALL C.UTF-8 --setenv HOME /tmp \
    -- /bin/bash -c "$(<"$top/build-aux/configure-root")" configure-root "${LC_ALL:-${LANG:-C}}" \
    >>"$log" 2>&1 </dev/null ||
    fail "The root could not be set up."

  {
    echo "recipe $(recipe)"
    for tier; do
      tier_line "$tier"
    done
  } >"$new/etc/millpond-root.new" || fail "The root could not be finished."
  mv "$new/etc/millpond-root.new" "$new/etc/millpond-root"
}

fail() {
  fail_if_full
  die "$1" "The last lines of $log:" "$(tail -n 5 "$log" | sed 's/^/  /')"
}

fail_if_full() {
  (( $(free_megabytes) < 20 )) || return 0
  die "The disk is full: nothing is left on $(df --output=target "$place" | tail -n 1)." \
      "Free some space and call again, or set MILLPOND_ROOT to a directory elsewhere."
}

fail_fetching() {
  local reason
  fail_if_full
  reason=$(sed -n 's/^E: //p' "$log" | head -n 1)
  die "Debian packages could not be fetched. ${reason:-apt gave no reason; see $log.}" \
      "They are needed once, and what has come is kept. Check the network and apt's proxy settings, or set" \
      "MILLPOND_MIRROR to another Debian archive (it ends in /debian), and call again."
}
