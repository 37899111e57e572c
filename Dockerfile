# NN Playground as an image: hash-pinned packages, no build tools, an unprivileged user, and a root that may be read-only.
#
#   docker build -t nn-playground .
#   docker run --read-only -p 127.0.0.1:8000:8000 -v nnplay:/data nn-playground
ARG BASE_IMAGE=python:3.13-slim

FROM ${BASE_IMAGE} AS build
WORKDIR /opt/nn-playground
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements/bootstrap.txt requirements/node.txt requirements/
RUN python3 -m venv /opt/tools \
    && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt -r requirements/node.txt
ENV PATH=/opt/tools/bin:$PATH UV_NO_CACHE=1 UV_LINK_MODE=copy
COPY requirements/runtime.txt requirements/
RUN python3 -m venv --without-pip .venv \
    && uv pip install --python .venv/bin/python --compile-bytecode --require-hashes --requirement requirements/runtime.txt
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-progress --loglevel=error \
    && npm run --silent vendor \
    && rm -rf node_modules
COPY . .
RUN uv pip install --python .venv/bin/python --no-deps --editable . \
    && .venv/bin/python -m compileall -q app

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="NN Playground" org.opencontainers.image.licenses="Apache-2.0"
# The user's id is a number, so that an orchestrator can see that it is not root.
RUN useradd --system --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin nnplay \
    && mkdir /data \
    && chown 10001:10001 /data
COPY --from=build /opt/nn-playground /opt/nn-playground
WORKDIR /opt/nn-playground
# What is written goes to the volume: data, and the compile cache that makes a restart fast.
ENV PATH=/opt/nn-playground/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    NNPLAY_DATA_DIR=/data \
    NNPLAY_CACHE_DIR=/data/cache
VOLUME /data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python3", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["nnplay", "serve", "--host", "0.0.0.0", "--port", "8000"]
