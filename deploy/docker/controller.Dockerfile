# The local controller. Build from the root of the repository:
#   docker build -f deploy/docker/controller.Dockerfile -t isthmus/controller:0.1.0 .
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN node .yarn/releases/yarn-4.13.0.cjs install --immutable \
 && node .yarn/releases/yarn-4.13.0.cjs tsc \
 && node .yarn/releases/yarn-4.13.0.cjs workspace @isthmus/plugin-gns-common build \
 && node .yarn/releases/yarn-4.13.0.cjs workspace @isthmus/controller build \
 && mkdir -p /app \
 && node .yarn/releases/yarn-4.13.0.cjs backstage-cli build-workspace /app @isthmus/controller --alwaysPack \
 && cp -r .yarn .yarnrc.yml yarn.lock /app/ \
 && cd /app \
 && node .yarn/releases/yarn-4.13.0.cjs workspaces focus --all --production \
 && rm -rf .yarn/cache

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=0:0 /app ./
USER 65532:65532
# Half the memory with 20,000 objects watched.
ENTRYPOINT ["node", "--optimize-for-size", "--max-semi-space-size=2", "packages/controller/bin/isthmus-controller"]
CMD ["run"]
