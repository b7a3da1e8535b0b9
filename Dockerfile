# Built with Maven, run on a JRE, as nobody in particular.
# MAVEN_IMAGE and JRE_IMAGE name other bases, such as a mirror's.
ARG MAVEN_IMAGE=maven:3.9.11-eclipse-temurin-25@sha256:407c4423cec0cf2981055bc2c6c0dc211d9605b6669279b95997f2d1c7e91e2c
ARG JRE_IMAGE=eclipse-temurin:25-jre@sha256:681c543d6f36c50f45e9b5226930a46203dcfa351d3670e9d0bdf0dabae53539

FROM ${MAVEN_IMAGE} AS build
WORKDIR /build
COPY pom.xml ./
COPY src/main src/main
COPY docs/openapi.yaml docs/api.html docs/
RUN mvn -q -B -ntp -Dmaven.test.skip=true package

FROM ${JRE_IMAGE}
WORKDIR /opt/caching-service
COPY --from=build /build/target/caching-service.jar ./
COPY --from=build /build/target/lib lib
COPY caching-service LICENSE ./
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
