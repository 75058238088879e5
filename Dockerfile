# Two stages: the second has the service and its packages, but no compiler, pip or build backend.

FROM python:3.13-slim-bookworm AS build
WORKDIR /srv/kaiyaku
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY catalogue/LICENSE ./catalogue/
COPY app ./app
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --editable . \
    && /opt/venv/bin/pip uninstall --yes --quiet flit-core pip \
    && /opt/venv/bin/python -m compileall -q /opt/venv app

FROM python:3.13-slim-bookworm
# The user is in group 0, which may write too: some platforms, such as OpenShift, run images under
# an arbitrary uid in that group.
RUN useradd --no-log-init --uid 10001 --gid 0 --home-dir /srv/kaiyaku --shell /usr/sbin/nologin kaiyaku \
    && mkdir -p /srv/kaiyaku/var \
    && chown 10001:0 /srv/kaiyaku/var \
    && chmod 770 /srv/kaiyaku/var
WORKDIR /srv/kaiyaku
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/kaiyaku/app ./app
COPY alembic.ini LICENSE ./
COPY migrations ./migrations
COPY catalogue ./catalogue
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# As numbers: with runAsNonRoot, Kubernetes refuses a user name, because it could be root's.
USER 10001:0
# The embedded database, used if no other is set: mount a volume to keep it.
VOLUME /srv/kaiyaku/var
EXPOSE 8000
# Not /readyz: a restart while the database is away would lose the cached answers.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["kaiyaku"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
