# make package && docker build -t wgan . && docker run --rm -v "$PWD/runs:/runs" wgan train mixture
FROM debian:12-slim
COPY .build/packages/wgan_*_amd64.deb /tmp/
RUN apt-get update && apt-get install --yes /tmp/wgan_*_amd64.deb \
    && rm -rf /tmp/wgan_*_amd64.deb /var/lib/apt/lists/*
WORKDIR /
ENTRYPOINT ["wgan"]
