#!/bin/sh
# Runs a command in the root that contains this file, in the same working folder and with the
# same network. Of the host, the command sees only that folder, /dev and /proc. The mounts belong
# to the command's own mount namespace, and end with it.
set -e
root=$(dirname "$(realpath "$0")")
exec unshare --mount --propagation private sh -ec '
  root=$1 folder=$2; shift 2
  mount --rbind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  mkdir -p "$root$folder"
  mount --bind "$folder" "$root$folder"
  exec chroot "$root" /usr/bin/env -C "$folder" \
    HOME=/root PATH=/usr/libexec/swift/bin:/usr/bin:/bin "$@"
' sh "$root" "$(pwd -P)" "$@"
