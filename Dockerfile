# Two stages and nothing that needs BuildKit: the first compiles, the second holds one binary.
# Behind a registry mirror or a private CA, build the first stage from your own image of Bun:
#   docker build --build-arg BUN_IMAGE=registry.example/bun:1.4.5 .
ARG BUN_IMAGE=oven/bun:1.4.5

FROM ${BUN_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Bun reads npm's lock file; the compiler is Bun itself, so development packages stay out.
RUN bun install --frozen-lockfile --production --ignore-scripts
COPY tsconfig.json ./
COPY src src
# The same command as COMPILE in the Makefile; a test holds the two together.
RUN bun build --compile --no-compile-autoload-dotenv --no-compile-autoload-bunfig --bytecode \
    --splitting --format=esm --entry-naming=[name].[ext] src/main.ts src/sqlite/thread.ts --outfile out/ackbox && mkdir out/data

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="ackbox" \
      org.opencontainers.image.description="A webhook inbox: a 200 is never lost and never doubled." \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /build/out/ackbox /usr/local/bin/ackbox
# A number, so that an orchestrator can see that it is not root. A new volume takes over the owner
# of the folder it is mounted on.
COPY --from=build --chown=10001:10001 /build/out/data /data
USER 10001:10001
VOLUME /data
# The allocator's setting spares much CPU for some memory: docs/decisions/0021.
ENV HOST=0.0.0.0 MIMALLOC_PURGE_HOLES=0
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["ackbox", "healthcheck"]
ENTRYPOINT ["ackbox"]
CMD ["serve"]
