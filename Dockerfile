# Built with Maven, run by a Java of its own as nobody in particular: jlink leaves the modules that the program needs.
# MAVEN_IMAGE and BASE_IMAGE name other bases, such as a mirror's; the base needs glibc, sh, bash and flock.
ARG MAVEN_IMAGE=maven:3.9.11-eclipse-temurin-25@sha256:407c4423cec0cf2981055bc2c6c0dc211d9605b6669279b95997f2d1c7e91e2c
ARG BASE_IMAGE=debian:trixie-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f

FROM ${MAVEN_IMAGE} AS build
WORKDIR /build
COPY pom.xml ./
COPY src/main src/main
COPY docs/openapi.yaml docs/api.html docs/
RUN mvn -q -B -ntp -Psbom -Dmaven.test.skip=true package
COPY deploy/image deploy/image
RUN deploy/image/runtime.sh target /opt/java/caching-service

FROM ${BASE_IMAGE}
ENV JAVA_HOME=/opt/java/caching-service
COPY --from=build /opt/java/caching-service /opt/java/caching-service
WORKDIR /opt/caching-service
COPY --from=build /build/target/caching-service.jar /build/target/sbom.json ./
COPY --from=build /build/target/lib lib
COPY caching-service LICENSE NOTICE ./
COPY licences licences
COPY launcher launcher
COPY conf conf
# The start-up cache is made here, by the JVM that will use it: who runs the container may not write to this folder.
RUN ./caching-service rehearse && mkdir /data && chown 10001:10001 /data
USER 10001:10001
# The image serves the network; alone, it keeps results in the volume /data and knows one development token.
ENV CACHING_HTTP_HOST=0.0.0.0 \
    CACHING_STORE_DISK_PATH=/data
VOLUME /data
EXPOSE 5000
# Whether the process answers; a store that is down (/readyz) is no reason to restart a gateway. By bash, which the base has and
# which speaks no TLS: there it asks whether connections are taken.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["bash", "-c", "\
  exec 3<>/dev/tcp/127.0.0.1/${CACHING_HTTP_PORT:-5000} && \
  { [ -z \"${CACHING_HTTP_TLS_CERTIFICATE:-}\" ] || exit 0; } && \
  printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && \
  read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["/opt/caching-service/caching-service"]
CMD ["serve"]
