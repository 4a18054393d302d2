# The portal: Backstage with the hub. Build from the root of the repository:
#   docker build -f deploy/docker/portal.Dockerfile -t isthmus/portal:0.1.0 .
# Run it with app-config.production.yaml's environment variables and a PostgreSQL.
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN node .yarn/releases/yarn-4.13.0.cjs install --immutable \
 && node .yarn/releases/yarn-4.13.0.cjs tsc \
 && node .yarn/releases/yarn-4.13.0.cjs workspace backend build \
 && mkdir -p /app \
 && tar xzf packages/backend/dist/skeleton.tar.gz -C /app \
 && tar xzf packages/backend/dist/bundle.tar.gz -C /app \
 && cp -r .yarn .yarnrc.yml yarn.lock package.json backstage.json app-config.yaml app-config.production.yaml /app/ \
 && cd /app \
 && node .yarn/releases/yarn-4.13.0.cjs workspaces focus --all --production \
 && rm -rf .yarn/cache

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=0:0 /app ./
USER node
EXPOSE 7007
CMD ["node", "packages/backend", "--config", "app-config.yaml", "--config", "app-config.production.yaml"]
