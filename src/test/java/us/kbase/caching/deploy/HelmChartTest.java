package us.kbase.caching.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The chart renders with the least that must be said, with everything on, and with everything off. */
class HelmChartTest {

    private static final String CHART = "deploy/helm/caching-service";

    /** Of Kubernetes, that it is for. */
    private static final String OLDEST = "1.30.0";

    private static final Path SCHEMAS = Path.of(System.getenv()
                    .getOrDefault("CACHING_CI_CACHE", System.getProperty("user.home") + "/.cache/caching-service"))
            .resolve("kubernetes");

    @TempDir
    Path folder;

    private static String values(String set) {
        return CHART + "/ci/" + set + "-values.yaml";
    }

    private static String rendered(String set) throws IOException, InterruptedException {
        return rendered(set, OLDEST);
    }

    private static String rendered(String set, String version, String... more)
            throws IOException, InterruptedException {
        return Tool.run(
                "helm",
                Stream.concat(
                                Stream.of(
                                        "template", "cache", CHART, "--kube-version", version, "--values", values(set)),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static Map<String, Map<String, Object>> byKind(String set, String... more)
            throws IOException, InterruptedException {
        Map<String, Map<String, Object>> found = new HashMap<>();
        for (Object document : new Yaml().loadAll(rendered(set, OLDEST, more))) {
            Map<String, Object> object = map(document);
            found.put(String.valueOf(object.get("kind")), object);
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static Map<String, Object> pod(Map<String, Map<String, Object>> objects) {
        return map(
                map(map(objects.get("Deployment").get("spec")).get("template")).get("spec"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"least", "all", "bare"})
    void hasNothingThatHelmFinds(String set) throws IOException, InterruptedException {
        String said = Tool.run("helm", "lint", "--strict", CHART, "--values", values(set));
        assertTrue(said.contains("0 chart(s) failed"), said);
    }

    @ParameterizedTest
    @CsvSource({"least,1.30.0", "all,1.30.0", "bare,1.30.0", "least,1.34.2", "all,1.34.2", "bare,1.34.2"})
    void isWhatKubernetesTakes(String set, String version) throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(SCHEMAS), "no schemas here; .ci/chart makes them");
        Path objects = Files.writeString(folder.resolve("objects.yaml"), rendered(set, version));
        kubeconform(version, objects);
    }

    /** The schemas above refuse something at all. */
    @ParameterizedTest
    @ValueSource(strings = {"1.30.0", "1.34.2"})
    void aMisspelledFieldIsWhatKubernetesRefuses(String version) throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(SCHEMAS), "no schemas here; .ci/chart makes them");
        String wrong = rendered("least", version).replace("terminationGracePeriodSeconds:", "terminationGraceSeconds:");
        Path objects = Files.writeString(folder.resolve("objects.yaml"), wrong);
        AssertionError refused = assertThrows(AssertionError.class, () -> kubeconform(version, objects));
        assertTrue(String.valueOf(refused.getMessage()).contains("terminationGraceSeconds"), refused::getMessage);
    }

    private static void kubeconform(String version, Path objects) throws IOException, InterruptedException {
        Tool.run(
                "kubeconform",
                "-strict",
                "-kubernetes-version",
                version,
                "-schema-location",
                SCHEMAS.toString(),
                "-skip",
                "ServiceMonitor",
                objects.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"least", "all", "bare"})
    void aPodHasLongerToStopThanItsGatewayNeeds(String set) throws IOException, InterruptedException {
        Map<String, Object> pod = pod(byKind(set));
        Map<String, Object> container = map(((List<?>) pod.get("containers")).getFirst());
        int stopSeconds = ((List<?>) container.get("env"))
                .stream()
                        .map(HelmChartTest::map)
                        .filter(variable -> variable.get("name").equals("CACHING_HTTP_STOP_SECONDS"))
                        .mapToInt(variable -> Integer.parseInt(String.valueOf(variable.get("value"))))
                        .findFirst()
                        .orElseThrow();
        assertTrue((Integer) pod.get("terminationGracePeriodSeconds") >= stopSeconds + 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"least", "all", "bare"})
    void aContainerHasNoRights(String set) throws IOException, InterruptedException {
        Map<String, Object> pod = pod(byKind(set));
        Map<String, Object> security =
                map(map(((List<?>) pod.get("containers")).getFirst()).get("securityContext"));
        assertEquals(Map.of("drop", List.of("ALL")), security.get("capabilities"));
        assertEquals(true, security.get("readOnlyRootFilesystem"));
        assertEquals(false, security.get("allowPrivilegeEscalation"));
        assertEquals(true, map(pod.get("securityContext")).get("runAsNonRoot"));
        assertEquals(false, pod.get("automountServiceAccountToken"));
    }

    @Test
    void certificatesOfClientsAreRefusedWithTheReason() {
        assumeTrue(Tool.isHere("helm"), "no helm here");
        AssertionError refused = assertThrows(
                AssertionError.class,
                () -> rendered("least", OLDEST, "--set", "env.CACHING_HTTP_TLS_CLIENT_CA=/ca.pem"));
        assertTrue(String.valueOf(refused.getMessage()).contains("probes show no certificate"), refused::getMessage);
    }

    private static Map<String, Object> scrape(Map<String, Map<String, Object>> objects) {
        return map(((List<?>) map(objects.get("ServiceMonitor").get("spec")).get("endpoints")).getFirst());
    }

    private static Object variable(Map<String, Map<String, Object>> objects, String name) {
        Map<String, Object> container = map(((List<?>) pod(objects).get("containers")).getFirst());
        return ((List<?>) container.get("env"))
                .stream()
                        .map(HelmChartTest::map)
                        .filter(variable -> variable.get("name").equals(name))
                        .findFirst()
                        .orElseThrow()
                        .get("value");
    }

    @Test
    void metricsByTlsAreScrapedByTlsUnderTheNameOfTheService() throws IOException, InterruptedException {
        Map<String, Map<String, Object>> objects = byKind("all");
        assertEquals("true", variable(objects, "CACHING_METRICS_TLS"));
        assertEquals("https", scrape(objects).get("scheme"));
        assertEquals(
                Map.of(
                        "serverName",
                        "cache-caching-service.default.svc",
                        "ca",
                        Map.of("secret", Map.of("name", "caching-service-tls", "key", "ca.crt"))),
                scrape(objects).get("tlsConfig"));
    }

    @Test
    void whoSignedTheCertificateOfMetricsAndItsNameCanBeSaid() throws IOException, InterruptedException {
        Map<String, Map<String, Object>> objects = byKind(
                "all",
                "--set",
                "metrics.tls.serverName=cache.example.org",
                "--set",
                "metrics.tls.ca.configMap.name=authorities",
                "--set",
                "metrics.tls.ca.configMap.key=all.pem");
        assertEquals(
                Map.of(
                        "serverName",
                        "cache.example.org",
                        "ca",
                        Map.of("configMap", Map.of("name", "authorities", "key", "all.pem"))),
                scrape(objects).get("tlsConfig"));
    }

    /** Where clients have TLS, too. */
    @Test
    void metricsAreScrapedByPlainHttpUnlessTlsIsAskedFor() throws IOException, InterruptedException {
        Map<String, Map<String, Object>> objects = byKind("all", "--set", "metrics.tls.enabled=false");
        assertEquals("false", variable(objects, "CACHING_METRICS_TLS"));
        assertEquals("http", scrape(objects).get("scheme"));
        assertEquals(null, scrape(objects).get("tlsConfig"));
    }

    @Test
    void metricsByTlsWithoutACertificateAreRefusedWithTheReason() {
        assumeTrue(Tool.isHere("helm"), "no helm here");
        AssertionError refused = assertThrows(
                AssertionError.class, () -> rendered("least", OLDEST, "--set", "metrics.tls.enabled=true"));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("metrics.tls.enabled needs tls.existingSecret"),
                refused::getMessage);
    }

    @Test
    void whatIsTurnedOffIsNotThere() throws IOException, InterruptedException {
        assertEquals(java.util.Set.of("Deployment", "Service"), byKind("bare").keySet());
    }

    @Test
    void whatIsTurnedOnIsThere() throws IOException, InterruptedException {
        assertTrue(byKind("all")
                .keySet()
                .containsAll(List.of(
                        "Deployment", "Service", "PodDisruptionBudget", "ServiceMonitor", "Ingress", "ConfigMap")));
    }

    /** A copy, since a chart can be packaged with what lies in its folder only. */
    @Test
    void theDashboardIsThatOfTheMonitoring() throws IOException {
        assertEquals(
                Files.readString(Path.of("deploy/monitoring/dashboard.json")),
                Files.readString(Path.of(CHART, "dashboard.json")));
    }

    @Test
    void grafanasSidecarGetsTheWholeDashboard() throws IOException, InterruptedException {
        assertEquals(
                Files.readString(Path.of("deploy/monitoring/dashboard.json")).strip(),
                String.valueOf(map(byKind("all").get("ConfigMap").get("data")).get("caching-service.json"))
                        .strip());
    }

    @Test
    void everyVariableIsOneThatTheGatewayKnows() throws IOException, InterruptedException {
        String keys = Files.readString(Path.of("docs/configuration.md"));
        Map<String, Object> container = map(((List<?>) pod(byKind("all")).get("containers")).getFirst());
        for (Object variable : (List<?>) container.get("env")) {
            String name = String.valueOf(map(variable).get("name")).replaceFirst("_FILE$", "");
            assertTrue(keys.contains("`" + name + "`"), name);
        }
    }
}
