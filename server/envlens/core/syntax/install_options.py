"""Which options take a value, for each tool that installs packages.

Sources: pip 9 to 26 (`pip install --help` and its release notes for what came and went), uv 0.9 (`uv pip install
--help`), conda 26 (conda/cli), micromamba and mamba 2 (micromamba/src), mamba 1 (as conda), apt-get(8). An option that
is not here is taken for a switch. Names in one group mean the same; the first is the one that is given out.
"""


def _table(groups: str) -> dict[str, str]:
    return {name: group.split("/")[0] for group in groups.split() for name in group.split("/")}


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PIP_SHARED = (
    "--index-url/-i/--pypi-url --extra-index-url --find-links/-f --python --log/--log-file/--local-log --proxy "
    "--keyring-provider --retries --timeout/--default-timeout --exists-action --trusted-host --cert --client-cert "
    "--cache-dir --use-feature --use-deprecated --resume-retries "
)
PIP = _table(
    _PIP_SHARED + "--requirement/-r --constraint/-c --build-constraint --editable/-e --target/-t --platform "
    "--python-version --implementation --abi --root --prefix --src/--source/--source-dir/--source-directory "
    "--upgrade-strategy --config-settings/--config-setting/-C --global-option --install-option --build-option "
    "--no-binary --only-binary --all-releases --only-final --progress-bar --root-user-action --report --group "
    "--requirements-from-script --uploaded-prior-to --build/-b/--build-dir/--build-directory"
)
UV = _table(
    "--requirement/-r/--requirements --editable/-e --no-editable-package --constraint/-c/--constraints "
    "--override/--overrides --exclude/--excludes --build-constraint/-b/--build-constraints --extra --cert --group "
    "--target/-t --prefix --no-binary --only-binary --python-version --python-platform --output-format --torch-backend "
    "--index --default-index --index-url/-i --extra-index-url --find-links/-f --index-strategy --keyring-provider "
    "--upgrade-package/-P --upgrade-group --resolution --prerelease --prerelease-package --fork-strategy "
    "--exclude-newer --exclude-newer-package --no-sources-package --reinstall-package --link-mode "
    "--config-setting/-C/--config-settings --config-settings-package --no-build-isolation-package --cache-dir "
    "--refresh-package --python/-p --color --allow-insecure-host/--trusted-host --directory --project --config-file "
    "--no-build-package --build-isolation-package"
)
CONDA = _table(
    "--file/-f --name/-n --prefix/-p --channel/-c --repodata-fn --exclude-newer --solver/--experimental-solver "
    "--shortcuts-only --subdir/--platform --environment-specifier/--env-spec --format --console --revision --clone"
)
MAMBA = CONDA | _table(
    "--root-prefix/-r --rc-file --log-level --relocate-prefix --ssl-verify --cacert-path --repodata-ttl "
    "--channel-priority --channel-alias --lock-timeout --safety-checks --trusted-channels --category"
)
APT = _table("--target-release/-t/--default-release --option/-o --config-file/-c --host-architecture/-a --solver")

# Switches with more than one spelling.
SWITCHES = _table(
    "--yes/-y/--assume-yes --quiet/-q --verbose/-v --upgrade/-U --ignore-installed/-I --dry-run/-d --help/-h "
    "--override-channels/-O --insecure/-k --no-deps/--no-dependencies"
)

# What stands in front of another program: its options with a value, and how many arguments come before that program.
PREFIXES: dict[str, tuple[frozenset[str], int]] = {
    "sudo": (_names("-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --chdir --chroot"), 0),
    "env": (_names("-u --unset -C --chdir -S --split-string"), 0),
    "exec": (_names("-a"), 0),
    "command": (_names(""), 0),
    "nohup": (_names(""), 0),
    "eatmydata": (_names(""), 0),
    "nice": (_names("-n --adjustment"), 0),
    "ionice": (_names("-c -n --class --classdata"), 0),
    "time": (_names("-f -o --format --output"), 0),
    "timeout": (_names("-s -k --signal --kill-after"), 1),
    "xargs": (_names("-n -P -I -L -d -a -s -E --max-args --max-procs --replace --delimiter --arg-file"), 0),
    "gosu": (_names(""), 1),
    "su-exec": (_names(""), 1),
}
RUN_OPTIONS = _table(
    "--name/-n --prefix/-p --cwd --root-prefix/-r --rc-file --log-level --env/-e --attach/-a --label --ssl-verify"
)
PYTHON_VALUES = frozenset("WX")
