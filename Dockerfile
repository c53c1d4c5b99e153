# syntax=docker/dockerfile:1
# Two images: `api` (the API, its jobs, and the Azure emulator of the demo) and `web` (nginx with the built web app).
# `api-azure-cli` is `api` with the Azure CLI, for AUTH_METHODS=azure_cli.

FROM node:24-bookworm-slim AS build
WORKDIR /entrada
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
RUN node dist/apps/api/web/nginx-policies.js > page-policies.conf
RUN npm run --silent sbom > sbom.json

FROM node:24-bookworm-slim AS dependencies
WORKDIR /entrada
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim AS api
WORKDIR /entrada
# No package manager in what runs: nothing is installed there, and it is what attackers reach for.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-* /usr/local/bin/yarn*
COPY --from=dependencies /entrada/node_modules node_modules
COPY --from=build /entrada/package.json /entrada/sbom.json ./
COPY --from=build /entrada/dist dist
COPY --from=build /entrada/apps/web/out apps/web/out
# Volumes take over whom their folder belongs to.
RUN mkdir -p data/azure data/emulator && chown -R node:node data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/apps/api/main.js"]

FROM api AS api-azure-cli
USER root
RUN apt-get update && apt-get install -y --no-install-recommends azure-cli && rm -rf /var/lib/apt/lists/*
USER node

FROM nginxinc/nginx-unprivileged:1.29-alpine AS web
COPY deploy/nginx/nginx.conf deploy/nginx/problems.conf /etc/nginx/
COPY deploy/nginx/place /etc/nginx/place
COPY --from=build /entrada/page-policies.conf /etc/nginx/page-policies.conf
COPY --from=build /entrada/apps/web/out /srv/entrada
COPY --from=build /entrada/sbom.json /usr/share/entrada/sbom.json
EXPOSE 8080 8443
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["wget", "--quiet", "--output-document=/dev/null", "--no-check-certificate", "https://127.0.0.1:8443/login"]
