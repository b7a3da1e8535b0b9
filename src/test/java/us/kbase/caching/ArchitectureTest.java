package us.kbase.caching;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(packages = "us.kbase.caching", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "us.kbase.caching";
    private static final int LINES_MAX = 300;
    private static final int CLASSES_MAX = 20;

    /** The commands and what puts the parts together: they see every room. */
    private static final Set<String> ABOVE_ALL = Set.of(
            "",
            "cli",
            "cli.option",
            "cli.run",
            "cli.upkeep",
            "cli.client",
            "cli.bundle",
            "cli.progress",
            "cli.rehearsal");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("us.kbase.caching.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyHttpSeesTheRouter = noClasses()
            .that()
            .resideOutsideOfPackage("..caching.http..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.vertx\\.ext\\.web\\.[A-Z].*");

    @ArchTest
    static final ArchRule onlyStoreS3SeesTheSdk = noClasses()
            .that()
            .resideOutsideOfPackage("..store.s3..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule onlyTheHasherAndReadersOfKeysSeeBouncyCastle = noClasses()
            .that()
            .doNotHaveSimpleName("CacheIdHasher")
            .and()
            .doNotHaveSimpleName("ClusterKey")
            .and()
            .doNotHaveSimpleName("KeyForm")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..");

    @ArchTest
    static final ArchRule theStoreKnowsNoRuleAndNoWeb = noClasses()
            .that()
            .resideInAPackage("..store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..caching.cache..", "..caching.http..", "..caching.auth..", "..caching.config..");

    @ArchTest
    static final ArchRule theRulesKnowNoWebAndNoStoreOfTheirOwn = noClasses()
            .that()
            .resideInAPackage("..caching.cache..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..caching.http..", "..store.s3..", "..store.disk..", "..caching.auth..");

    @ArchTest
    static final ArchRule leasesKnowNoWebNoClusterAndNoStoreOfTheirOwn = noClasses()
            .that()
            .resideInAPackage("..caching.lease..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..caching.http..", "..caching.cluster..", "..store.s3..", "..store.disk..", "..caching.auth..");

    /** Without a cluster nothing of it is started. */
    @ArchTest
    static final ArchRule onlyTheClusterSeesHowVertxIsClustered = noClasses()
            .that()
            .resideOutsideOfPackage("..caching.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.core.spi.cluster..");

    @ArchTest
    static final ArchRule listeningKnowsNothingOfOurs = noClasses()
            .that()
            .resideInAPackage("..caching.listening..")
            .should()
            .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "are ours",
                    other -> other.getPackageName().startsWith("us.kbase.caching")
                            && !other.getPackageName().equals("us.kbase.caching.listening")));

    @ArchTest
    static final ArchRule onlyTheGatewayKnowsTheCluster = noClasses()
            .that()
            .resideOutsideOfPackages("..caching.cluster..", "..caching.config..") // whose record its Membership is
            .and()
            .doNotHaveSimpleName("Gateway")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..caching.cluster..");

    @ArchTest
    static final ArchRule streamsKnowFailuresAndNothingElseOfOurs = noClasses()
            .that()
            .resideInAPackage("..caching.stream..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..caching.http..", "..caching.store..", "..caching.cache..", "..caching.memory..");

    @ArchTest
    static final ArchRule failuresKnowNobody = noClasses()
            .that()
            .resideInAPackage("..caching.failure..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..caching.http..", "..caching.cache..", "..caching.store..", "io.vertx..");

    /** Both would hold a body in memory or on disk before anybody asked for it. */
    @ArchTest
    static final ArchRule noBodyHandlerAndNoUploadHandler = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "io\\.vertx\\.ext\\.web\\.handler\\.BodyHandler|io\\.vertx\\.core\\.http\\.HttpServerFileUpload")
            .orShould()
            .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "setExpectMultipart or uploadHandler",
                    call -> List.of("setExpectMultipart", "uploadHandler")
                            .contains(call.getTarget().getName())));

    /** What such a listener throws is logged and answers nobody: {@code FailureHandler.answer} and {@code compose} fail instead. */
    @ArchTest
    static final ArchRule noRequestIsAnsweredInAListenerOfSuccess = noClasses()
            .that()
            .resideInAPackage("..caching.http..")
            .and()
            .doNotHaveSimpleName("HttpVerticle") // listens before there is a request
            .should()
            .callMethod(io.vertx.core.Future.class, "onSuccess", io.vertx.core.Handler.class);

    /**
     * A response has one handler of each kind, and Vert.x Web's tell everybody how it ended ({@code RoutingContext.addEndHandler}): whoever
     * sets his own takes the news from the access log and the metrics.
     */
    @ArchTest
    static final ArchRule nobodyTakesAResponsesOwnHandlers = noClasses()
            .should()
            .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "endHandler, exceptionHandler or closeHandler of a response",
                    call -> call.getTargetOwner().isEquivalentTo(io.vertx.core.http.HttpServerResponse.class)
                            && List.of("endHandler", "exceptionHandler", "closeHandler")
                                    .contains(call.getTarget().getName())));

    /**
     * Who waits goes on in its own context, which knows its user and its trace, and not in that of whoever ends the wait. Those below end
     * waits of the gateway itself.
     */
    @ArchTest
    static final ArchRule whoWaitsGoesOnInItsOwnContext = noClasses()
            .that()
            .doNotHaveSimpleName("CallersContext")
            .and()
            .doNotHaveSimpleName("CurrentRequest") // makes such a context
            .and()
            .doNotHaveSimpleName("AtOnce") // the probe of conditional writes
            .and()
            .doNotHaveSimpleName("OpenUploads")
            .and()
            .doNotHaveSimpleName("Serve")
            .and()
            .doNotHaveSimpleName("Beats")
            .should()
            .callMethod(io.vertx.core.Promise.class, "promise");

    /**
     * What others send is scanned by hand, in linear time: an expression that backtracks costs the square of a text's length, and
     * its sender chooses the text. Configuration and command line are the operator's own.
     */
    @ArchTest
    static final ArchRule noRegularExpressionReadsWhatOthersSend = noClasses()
            .that()
            .resideInAnyPackage(
                    "..caching.http..",
                    "..caching.cache..",
                    "..caching.lease..",
                    "..caching.auth..",
                    "..caching.expiry..",
                    "..caching.store..",
                    "..caching.stream..",
                    "..caching.text..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.regex..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(java.util.Scanner.class)
            .orShould()
            .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "a method of String that takes a regular expression",
                    call -> call.getTargetOwner().isEquivalentTo(String.class)
                            && List.of("matches", "split", "splitWithDelimiters", "replaceAll", "replaceFirst")
                                    .contains(call.getTarget().getName())));

    @ArchTest
    static final ArchRule eventLoopsAreNeverBlocked = noClasses()
            .that()
            .resideOutsideOfPackage("..caching.cli..")
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(java.util.concurrent.CompletableFuture.class, "join")
            .orShould()
            .callMethod(java.util.concurrent.CompletableFuture.class, "get");

    /** A put without a condition cannot be written down, and nobody but the S3 store calls S3. */
    @ArchTest
    static final ArchRule everyPutIsConditional = classes()
            .that()
            .implement(us.kbase.caching.store.Precondition.class)
            .should()
            .haveSimpleName("Absent")
            .orShould()
            .haveSimpleName("Matches");

    /** The table of rooms in docs/architecture.md is true: no arrow is missing there, and none stands there that nobody uses. */
    @ArchTest
    static void roomsSeeWhatTheirTableSays(JavaClasses classes) throws IOException {
        Map<String, Set<String>> seen = new TreeMap<>();
        for (JavaClass one : classes) {
            seen.computeIfAbsent(room(one), name -> new TreeSet<>()).addAll(roomsSeenBy(one));
        }
        seen.keySet().removeAll(ABOVE_ALL);
        assertEquals(RoomTable.read(), seen);
    }

    private static Set<String> roomsSeenBy(JavaClass one) {
        return one.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(target -> target.getPackageName().startsWith(ROOT))
                .map(ArchitectureTest::room)
                .filter(name -> !name.equals(room(one)))
                .collect(Collectors.toSet());
    }

    private static String room(JavaClass one) {
        String name = one.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    @ArchTest
    static void noRoomHasMoreThanTwentyClasses(JavaClasses classes) {
        Map<String, Long> sizes = classes.stream()
                .filter(one -> one.isTopLevelClass() && !one.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(ArchitectureTest::room, TreeMap::new, Collectors.counting()));
        sizes.values().removeIf(size -> size <= CLASSES_MAX);
        assertEquals(Map.of(), sizes);
    }

    @Test
    void noMainFileIsLongerThanThreeHundredLines() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            List<Path> tooLong = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(ArchitectureTest::isTooLong)
                    .toList();
            assertEquals(List.of(), tooLong);
        }
    }

    private static boolean isTooLong(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.count() > LINES_MAX;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
