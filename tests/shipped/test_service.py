"""The service: the unit, and the script that installs, upgrades and removes it, in a folder that plays the machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from shipped.machine import Machine

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "packaging" / "doublebill.service"
SCRIPT = ROOT / "packaging" / "setup_service.sh"


def installed_for_all(machine: Machine) -> Path:
    return machine.at("/etc/systemd/system/doublebill.service")


def installed_for_one(machine: Machine) -> Path:
    return machine.at("/of/ruth/.config/systemd/user/doublebill.service")


# For the whole machine


def test_for_a_machine_the_unit_is_the_one_that_is_shipped(machine: Machine) -> None:
    done = machine.run("install")
    assert done.returncode == 0, done.stderr
    assert installed_for_all(machine).read_text("utf-8") == UNIT.read_text("utf-8")


def test_everything_is_there_before_the_service_starts(machine: Machine) -> None:
    machine.run("install")
    assert machine.at("/opt/doublebill/current/bin/doublebill").exists()
    assert [call.split()[:2] for call in machine.calls()] == [
        ["useradd", "--system"],
        ["chown", "-R"],
        ["systemctl", "daemon-reload"],
        ["systemctl", "enable"],
        ["systemctl", "restart"],
    ]


def test_settings_are_for_their_owner_alone(machine: Machine) -> None:
    machine.run("install")
    home = machine.at("/var/lib/doublebill")
    assert (home.stat().st_mode & 0o777, (home / ".env").stat().st_mode & 0o777) == (0o700, 0o600)


def test_it_can_be_run_twice_and_keeps_the_settings(machine: Machine) -> None:
    machine.run("install")
    env = machine.at("/var/lib/doublebill/.env")
    env.write_text("JELLYFIN_USER=Ruth\n", encoding="utf-8")
    machine.calls()
    assert machine.run("install").returncode == 0
    assert env.read_text("utf-8") == "JELLYFIN_USER=Ruth\n"
    assert not any(call.startswith("useradd") for call in machine.calls())


def test_an_upgrade_is_installed_beside_what_runs(machine: Machine) -> None:
    current = machine.at("/opt/doublebill/current")
    turns = []
    for _ in range(3):
        machine.run("install")
        turns.append(current.readlink().name)
    assert turns == ["one", "two", "one"]


def test_an_upgrade_that_fails_changes_nothing(machine: Machine) -> None:
    machine.run("install")
    machine.calls()
    failed = machine.run("install", PIP_FAILS="yes")
    assert (failed.returncode, "nothing was changed" in failed.stderr) == (1, True)
    assert machine.at("/opt/doublebill/current").readlink().name == "one"
    assert not any(call.startswith("systemctl") for call in machine.calls())


def test_what_is_removed_is_stopped_first_and_the_data_stays(machine: Machine) -> None:
    machine.run("install")
    machine.calls()
    assert machine.run("remove").returncode == 0
    assert machine.calls() == ["systemctl disable --quiet --now doublebill.service", "systemctl daemon-reload"]
    gone = [installed_for_all(machine), machine.at("/opt/doublebill")]
    assert not any(path.exists() for path in gone)
    assert machine.at("/var/lib/doublebill/.env").exists()


def test_what_is_not_there_can_be_removed(machine: Machine) -> None:
    assert (machine.run("remove").returncode, machine.calls()) == (0, [])


def test_an_interpreter_in_a_home_is_refused(machine: Machine) -> None:
    refused = machine.run("install", PLAYED_PYTHON="/of/ruth/python3")
    assert (refused.returncode, "somebody's home" in refused.stderr) == (1, True)
    assert not machine.at("/opt").exists()


def test_for_a_machine_it_takes_root(machine: Machine) -> None:
    refused = machine.run("install", "--system", PLAYED_UID="1000", DESTDIR="")
    assert (refused.returncode, "it takes root" in refused.stderr) == (1, True)


# For one user


def test_for_a_user_nothing_of_the_machine_is_touched(machine: Machine) -> None:
    assert machine.run("install", PLAYED_UID="1000").returncode == 0
    assert machine.at("/of/ruth/.local/lib/doublebill/current/bin/doublebill").exists()
    assert not any(machine.at(path).exists() for path in ("/etc", "/opt", "/var"))
    calls = machine.calls()
    assert all("--user" in call for call in calls if call.startswith("systemctl"))
    assert calls[-1] == "loginctl enable-linger"


def test_the_unit_of_a_user_has_nothing_that_takes_root(machine: Machine) -> None:
    machine.run("install", "--user")
    unit = installed_for_one(machine).read_text("utf-8")
    assert "ExecStart=/of/ruth/.local/lib/doublebill/current/bin/doublebill serve" in unit
    assert "WantedBy=default.target" in unit
    assert re.findall(r"^(?:User|Protect|Private|Capability|\w*network-online|.*/opt/|.*/var/).*", unit, re.M) == []


def test_a_user_can_remove_it_too(machine: Machine) -> None:
    machine.run("install", "--user")
    assert machine.run("remove", "--user").returncode == 0
    assert not installed_for_one(machine).exists()
    assert machine.at("/of/ruth/.local/share/doublebill/.env").exists()


@pytest.mark.parametrize("words", [(), ("upgrade",), ("install", "--everybody")])
def test_other_words_are_told_how_it_is_used(machine: Machine, words: tuple[str, ...]) -> None:
    told = machine.run(*words)
    assert told.returncode == 2
    assert "setup_service.sh install [--system|--user]" in told.stderr


# The unit


def test_every_line_of_the_unit_has_its_reason() -> None:
    bare, has_reason = [], False
    for line in UNIT.read_text("utf-8").splitlines():
        has_reason = line.startswith("#") or (has_reason and bool(line))
        if "=" in line and not line.startswith("#") and not has_reason:
            bare.append(line)
    assert [line for line in bare if not line.startswith("Description=")] == []


def verified(unit: Path, folder: Path, *options: str) -> str:
    """Give what systemd says against a unit whose command is one that is there; what it says of others is not asked."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text("utf-8"), flags=re.MULTILINE)
    (folder / unit.name).write_text(text, encoding="utf-8")
    words = ["systemd-analyze", *options, str(folder / unit.name)]
    place = {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(folder)}
    checked = subprocess.run(words, env=place, capture_output=True, text=True, check=False, timeout=20)
    if checked.returncode:
        return checked.stdout + checked.stderr
    return "".join(line for line in checked.stderr.splitlines() if unit.name in line)


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    assert verified(UNIT, tmp_path, "verify", "--man=no") == ""


def test_systemd_finds_nothing_wrong_with_the_unit_of_a_user(machine: Machine, tmp_path: Path) -> None:
    machine.run("install", "--user")
    assert verified(installed_for_one(machine), tmp_path, "verify", "--man=no", "--user") == ""


def test_systemd_calls_the_unit_well_protected(tmp_path: Path) -> None:
    """Its exposure, of 10: below 2 is what it gives a service that only keeps its network."""
    assert verified(UNIT, tmp_path, "security", "--offline=yes", "--threshold=20") == ""
