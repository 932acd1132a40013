# Runs a separate PostgreSQL until this script's standard input is closed. Standard input closes
# however the starting program ends, also by Ctrl-C or SIGKILL. The script then stops the server
# and removes its folder.
# Arguments: the folder of PostgreSQL's programs, then the ports to try, in this order.
# Standard output: the server's URL, when the server answers.
set -eu
programs=$1
shift
# Ctrl-C also reaches this script, which must still stop the server.
trap '' HUP INT PIPE TERM

folder=$(mktemp -d "${TMPDIR:-/tmp}/switchback-postgres.XXXXXX")
cd "$folder"
tidy_up() {
  cd /
  # The data is deleted, so the server need not write it first.
  [ ! -f "$folder/data/postmaster.pid" ] ||
    "$programs/pg_ctl" stop -D "$folder/data" -m immediate -s || true
  rm -rf "$folder"
}
trap tidy_up EXIT

# Every user of this machine can connect to loopback, so there is a password.
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "$password" >password
"$programs/initdb" -D data --username=postgres --pwfile=password --auth=scram-sha-256 \
  --encoding=UTF8 --locale=C --no-sync >log 2>&1 || { cat log >&2; exit 1; }

# Without fsync the server is much faster, and only a crash of the machine loses data: the tests
# kill clients of the server, but not the server.
# No Unix socket: the system's own server possibly uses its path.
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
