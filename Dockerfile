# The image of doublebill: one process, nobody's root, nothing written but /data and /tmp. docs/operations.md tells how to run it.

FROM python:3.13-slim-trixie AS build

WORKDIR /build

# What it stands on comes first and alone: a change of the code does not have it installed again.
COPY pyproject.toml ./
RUN python3 -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
        >requirements.txt \
    && python3 -m venv /opt/doublebill \
    && /opt/doublebill/bin/python -m pip install --no-cache-dir --only-binary=:all: --requirement requirements.txt

# Nothing is installed later, and nobody tests numpy here.
COPY README.md LICENSE ./
COPY src ./src
RUN /opt/doublebill/bin/python -m pip install --no-cache-dir --no-deps . \
    && /opt/doublebill/bin/python -m pip uninstall --yes pip \
    && find /opt/doublebill -type d -name tests -prune -exec rm -r {} +
COPY packaging/is_healthy.py /opt/doublebill/is_healthy.py


FROM python:3.13-slim-trixie

LABEL org.opencontainers.image.title="doublebill" \
      org.opencontainers.image.description="A self-hosted recommender of films and series for households with Jellyfin" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"

COPY --from=build /opt/doublebill /opt/doublebill

# An empty volume takes its owner from here. A folder of yours keeps its own: docs/operations.md, Docker.
RUN install --directory --owner=1000 --group=1000 --mode=0700 /data

# What may be read-only cannot take compiled files; they were made when it was installed. onnxruntime would tell its maker
# that it is used, unless this says no before it is loaded.
ENV PATH=/opt/doublebill/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    ORT_DISABLE_TELEMETRY=1 \
    DOUBLEBILL_HOST=0.0.0.0 \
    DOUBLEBILL_PORT=8097 \
    DOUBLEBILL_DATA_DIR=/data

# A number needs no entry in /etc/passwd, so any other will do: docker run --user, or PUID and PGID with compose.
USER 1000:1000
# A file named without its folder, such as a copy that is asked for, lands in the volume.
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8097

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-IS", "/opt/doublebill/is_healthy.py"]

# It ends by itself within ten seconds of this: open requests are answered, and a sync stops after what it is saving.
STOPSIGNAL SIGTERM
ENTRYPOINT ["doublebill"]
CMD ["serve"]
