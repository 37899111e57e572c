# NN Playground as an image: hash-pinned packages, no build tools, an unprivileged user, a root that may be read-only.
#
#   docker build -t nn-playground .
#   docker run --rm -p 8000:8000 nn-playground                        a demo instance; add -v nnplay:/data to keep its runs
#   docker run --rm -p 8000:8000 --read-only --cap-drop all -v nnplay:/data nn-playground
ARG BASE_IMAGE=python:3.13-slim

FROM ${BASE_IMAGE} AS build
WORKDIR /opt/nn-playground
RUN export DEBIAN_FRONTEND=noninteractive \
    && apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends binutils >/dev/null
COPY requirements/bootstrap.txt requirements/node.txt requirements/
RUN python3 -m venv /opt/tools \
    && /opt/tools/bin/pip install --quiet --disable-pip-version-check --no-cache-dir --require-hashes \
        -r requirements/bootstrap.txt -r requirements/node.txt
ENV PATH=/opt/tools/bin:$PATH UV_NO_CACHE=1 UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 NODE_USE_SYSTEM_CA=1

# What is dropped is never read: the packages' own tests, and symbol tables, which are a third of XLA. (Modules that
# bring libraries with them, in *.libs, must not be stripped: their headers have been patched.)
COPY requirements/runtime.txt requirements/
RUN python3 -m venv --without-pip .venv \
    && uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements/runtime.txt \
    && find .venv -name tests -type d -prune -exec rm -r {} + \
    && cd .venv/lib/python3*/site-packages \
    && find jaxlib sqlalchemy uvloop -name '*.so' -exec strip --strip-unneeded {} +
# The command nnplay, pointing at this folder; without the code, so that a change of it leaves the packages' layer alone.
COPY pyproject.toml README.md LICENSE ./
RUN mkdir app && touch app/__init__.py \
    && uv pip install --quiet --python .venv/bin/python --no-deps --editable .

COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-progress --loglevel=error && npm run --silent vendor
COPY app app
# Bytecode: all of the application's, and of the packages' what it uses when it starts, which is half.
RUN .venv/bin/python -m compileall -q app && .venv/bin/python -c "import app.main"

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="NN Playground" org.opencontainers.image.licenses="Apache-2.0"
# The user's id is a number, so that an orchestrator can see that it is not root.
RUN useradd --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin nnplay \
    && mkdir /data \
    && chown 10001:10001 /data
WORKDIR /opt/nn-playground
ENV PATH=/opt/nn-playground/.venv/bin:$PATH
COPY --from=build /opt/nn-playground/.venv .venv
COPY --from=build /opt/nn-playground/static/vendor static/vendor
COPY static static
COPY templates templates
COPY --from=build /opt/nn-playground/app app
# Shows that nothing is missing, and writes bytecode of the standard library, which the official base lacks and nobody
# could write later.
RUN python -c "import app.main"
# All that is written goes to the volume: data, temporary files, and the compile cache that makes a restart fast. The
# image brings no cache of its own: compiled programs hold for one kind of processor only.
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    TMPDIR=/data \
    NNPLAY_DATA_DIR=/data \
    NNPLAY_CACHE_DIR=/data/cache
VOLUME /data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-Ic", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["nnplay", "serve", "--host", "0.0.0.0", "--port", "8000"]
