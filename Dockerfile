# Built with Maven, run on a JRE, as nobody in particular.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml ./
COPY src/main src/main
RUN mvn -q -B -ntp -Dmaven.test.skip=true package

FROM eclipse-temurin:25-jre
WORKDIR /opt/caching-service
COPY --from=build /build/target/caching-service.jar target/caching-service.jar
COPY --from=build /build/target/lib target/lib
COPY caching-service LICENSE ./
COPY conf conf
RUN mkdir -p /data && chown 10001:10001 /data
USER 10001:10001
# The image serves the network; alone, it keeps results in the volume /data and knows one development token.
ENV CACHING_HTTP_HOST=0.0.0.0 \
    CACHING_STORE_DISK_PATH=/data
VOLUME /data
EXPOSE 5000
ENTRYPOINT ["/opt/caching-service/caching-service"]
CMD ["serve"]
