# Runs a PostgreSQL of its own, for as long as somebody holds this script's standard input
# open: the end of that is the one thing that is seen however its holder ends, by Ctrl-C or
# killed as well. Then the server is stopped and its folder removed.
# Arguments: the folder of PostgreSQL's programs, and the ports to try, in this order.
# Standard output: the server's URL, once it answers.
set -eu
programs=$1
shift
# A Ctrl-C reaches this script too, which then still has to tidy up.
trap '' HUP INT PIPE TERM

folder=$(mktemp -d "${TMPDIR:-/tmp}/switchback-postgres.XXXXXX")
cd "$folder"
tidy_up() {
  cd /
  # Nothing in there is wanted any more, so nothing is written first.
  [ ! -f "$folder/data/postmaster.pid" ] ||
    "$programs/pg_ctl" stop -D "$folder/data" -m immediate -s || true
  rm -rf "$folder"
}
trap tidy_up EXIT

# Loopback is everybody's on this machine, so there is a password.
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "$password" >password
"$programs/initdb" -D data --username=postgres --pwfile=password --auth=scram-sha-256 \
  --encoding=UTF8 --locale=C --no-sync >log 2>&1 || { cat log >&2; exit 1; }

# Without fsync it is much faster, and only a machine that stops could lose something: the
# tests kill those who use the server, never the server.
# No socket in the file system: the system's own server may have one where ours would be.
for port in "$@"; do
  if "$programs/pg_ctl" start -D data -w -s -l log -o "-p $port -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories='' -c fsync=off -c full_page_writes=off" >pg_ctl.log 2>&1; then
    echo "postgres://postgres:$password@127.0.0.1:$port/postgres"
    cat >/dev/null
    exit 0
  fi
done
cat pg_ctl.log log >&2
exit 1
