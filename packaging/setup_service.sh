#!/bin/sh
# Install doublebill from this checkout as a service, upgrade it, or remove it.
#
#   packaging/setup_service.sh install [--system|--user]     also upgrades: run it again after an update of the checkout
#   packaging/setup_service.sh remove [--system|--user]      keeps .env and data
#
# As root it is for the whole machine, otherwise for the current user. Every step can be repeated. A new version is
# installed beside the old one, which serves on if that fails. PYTHON=/path/to/python chooses the interpreter; DESTDIR
# puts a folder in front of every path, for tests.
set -eu

checkout=$(cd "$(dirname "$0")/.." && pwd)
root=${DESTDIR:-}
account=doublebill

main() {
    action=${1:-}
    case ${2:-} in
        --system | --user) scope=${2#--} ;;
        '') if [ "$(id -u)" -eq 0 ]; then scope=system; else scope=user; fi ;;
        *) usage ;;
    esac
    choose_places
    case $action in
        install) install_service ;;
        remove) remove_service ;;
        *) usage ;;
    esac
}

usage() {
    sed -n '4,5s/^#   //p' "$0" >&2
    exit 2
}

complain() {
    echo "Error: $1" >&2
    exit 1
}

# Home is what is the household's, program what is ours, units where systemd looks.
choose_places() {
    if [ "$scope" = system ]; then
        if [ -z "$root" ] && [ "$(id -u)" -ne 0 ]; then complain 'For the whole machine it takes root: use sudo, or --user.'; fi
        home=/var/lib/doublebill program=/opt/doublebill units=/etc/systemd/system
    else
        home=${XDG_DATA_HOME:-$HOME/.local/share}/doublebill program=$HOME/.local/lib/doublebill
        units=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user
    fi
    unit=$units/doublebill.service
}

control() {
    if [ "$scope" = system ]; then systemctl "$@"; else systemctl --user "$@"; fi
}

install_service() {
    choose_python
    make_account
    make_home
    install_program
    write_unit
    control daemon-reload
    control enable --quiet doublebill.service
    control restart doublebill.service
    stay_without_login
    say_where
}

choose_python() {
    for python in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            refuse_homely_python
            return
        fi
    done
    complain 'doublebill needs Python 3.11 or newer with its venv module, on Debian python3 and python3-venv.'
}

# The service for the whole machine sees no homes, and so no interpreter in one.
refuse_homely_python() {
    if [ "$scope" = user ]; then return; fi
    case $("$python" -c 'import os, sys; print(os.path.realpath(sys.executable))') in
        /home/* | "$HOME"/*) complain "$python lies in somebody's home; PYTHON=/usr/bin/python3 names one that all may use." ;;
    esac
}

make_account() {
    if [ "$scope" = user ] || id "$account" >/dev/null 2>&1; then return; fi
    useradd --system --user-group --home-dir "$home" --no-create-home --shell /usr/sbin/nologin "$account"
}

# Settings are taken along once; later they are changed where they are.
make_home() {
    mkdir -p "$root$home"
    chmod 700 "$root$home"
    if [ ! -e "$root$home/.env" ]; then
        settings=$checkout/.env
        if [ ! -e "$settings" ]; then settings=$checkout/.env.example; fi
        (umask 077 && cp "$settings" "$root$home/.env")
    fi
    if [ "$scope" = system ]; then chown -R "$account:$account" "$root$home"; fi
}

# Of two places the one that is not in use; the link is turned when all is there.
install_program() {
    new=one
    if [ "$(readlink "$root$program/current" 2>/dev/null)" = one ]; then new=two; fi
    mkdir -p "$root$program"
    rm -rf "$root${program:?}/$new"
    "$python" -m venv "$root$program/$new"
    "$root$program/$new/bin/python" -m pip --quiet --disable-pip-version-check install --no-cache-dir "$checkout" \
        || complain 'The new version could not be installed; nothing was changed.'
    ln -sfn "$new" "$root$program/current"
}

write_unit() {
    mkdir -p "$root$units"
    sed -e "s|/opt/doublebill|$program|g" -e "s|/var/lib/doublebill|$home|g" "$checkout/packaging/doublebill.service" \
        | if [ "$scope" = system ]; then cat; else sed \
            -e '/^# For a whole machine only/,/^$/d' \
            -e '/^# A sync asks other machines/,/^After=/d' \
            -e 's/^# It starts with the machine/# It starts with its user/' \
            -e 's/^WantedBy=.*/WantedBy=default.target/'; fi \
        >"$root$unit.new"
    chmod 644 "$root$unit.new"
    mv "$root$unit.new" "$root$unit"
}

# A user's services end when the user's last session does, unless they may linger.
stay_without_login() {
    if [ "$scope" = system ]; then return; fi
    loginctl enable-linger 2>/dev/null || echo "It runs while you are signed in; for always: sudo loginctl enable-linger $(id -un)"
}

say_where() {
    echo 'doublebill is installed and runs.'
    echo "Settings  $home/.env"
    echo "Data      $home/data"
    echo "Program   $program/current/bin/doublebill"
    echo "Unit      $unit"
}

remove_service() {
    if [ -e "$root$unit" ]; then
        control disable --quiet --now doublebill.service
        rm "$root$unit"
        control daemon-reload
    fi
    rm -rf "$root${program:?}"
    echo "doublebill is removed. Settings and data are still in $home."
}

main "$@"
