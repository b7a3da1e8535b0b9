package us.kbase.caching.launcher;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds beside each other and beside running gateways: nothing that runs is changed, and each is made once. */
class BuildsIT {

    /** A gateway that stays, once it does: its process is $gateway, what it says goes to the file "gateway". */
    private static final String A_GATEWAY_RUNS = """
            JAVA_STAYS=1 checkout/caching-service serve >gateway 2>&1 &
            gateway=$!
            trap 'kill -9 $gateway 2>/dev/null || :' EXIT
            until grep -q stays gateway; do sleep 0.02; done
            """;

    /** A command that builds until the file "slow" is gone, once it does: its process is $builder. */
    private static final String A_COMMAND_BUILDS = """
            : >slow
            MAVEN_WAITS_FOR=$PWD/slow checkout/caching-service get >first 2>&1 &
            builder=$!
            until [ -e builds ]; do sleep 0.02; done
            """;

    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void aCheckout() throws IOException {
        shell = StandIns.make(folder);
    }

    @Test
    void changedSourcesAreBuiltAndTouchedOnesAreNot() {
        shell.run("""
                        checkout/caching-service get >first
                        touch checkout/pom.xml checkout/src/main/java/*
                        checkout/caching-service get
                        echo two >checkout/src/main/java/Program.java
                        checkout/caching-service get
                        grep -c built builds
                        """)
                .prints("program: one\n")
                .prints("program: two\n")
                .prints("\n2\n")
                .endsWith(0);
    }

    @Test
    void aRunningGatewayKeepsItsBuildAndNobodyKeepsAnOldOne() {
        shell.run(A_GATEWAY_RUNS + """
                        echo two >checkout/src/main/java/Program.java
                        checkout/caching-service get
                        echo "beside it: $(cat checkout/.builds/*/caching-service.jar | tr '\\n' ' ')"
                        kill $gateway
                        wait $gateway || :
                        echo three >checkout/src/main/java/Program.java
                        checkout/caching-service get
                        echo "without it: $(cat checkout/.builds/*/caching-service.jar)"
                        """)
                .prints("program: two\n")
                .prints("one")
                .prints("program: three\n")
                .prints("without it: three\n")
                .endsWith(0);
    }

    @Test
    void helpOfARehearsalLeavesTheStartUpCacheOfARunningGateway() {
        shell.run(A_GATEWAY_RUNS + """
                        cat checkout/.builds/*/*.aot >before
                        checkout/caching-service rehearse --help
                        checkout/caching-service rehearse
                        cat checkout/.builds/*/*.aot | cmp - before
                        """).prints("java: rehearse\njava: --help\n").endsWith(0);
    }

    @Test
    void ofCommandsThatComeAtOnceOneBuildsAndTheOthersSayThatTheyWait() {
        shell.run(A_COMMAND_BUILDS + """
                        checkout/caching-service get >second 2>&1 &
                        second=$!
                        until grep -q waiting second; do sleep 0.02; done
                        rm slow
                        wait $builder
                        wait $second
                        cat first second | grep -c 'program: one'
                        grep -c built builds
                        """).prints("2\n1\n").endsWith(0);
    }

    @Test
    void commandsThatServeAtOnceMakeOneStartUpCache() {
        shell.run("""
                        for name in 1 2 3 4; do checkout/caching-service serve >out$name 2>&1 & done
                        wait
                        cat out? | grep -c 'preparing fast starts, once'
                        cat out? | grep -c 'java: -XX:AOTCache='
                        """).prints("1\n4\n").endsWith(0);
    }

    @Test
    void aBuildThatWasKilledIsMadeByTheNextAndLeavesNothing() {
        shell.run("mkdir tmp; export TMPDIR=$PWD/tmp\n" + A_COMMAND_BUILDS + """
                        kill -9 $builder
                        wait $builder || :
                        rm slow
                        checkout/caching-service get
                        ls checkout/.builds
                        """)
                .prints("program: one\n")
                .doesNotPrint("new.")
                .endsWith(0);
    }

    @Test
    void aSignalEndsABuildAndItsMaven() {
        shell.run("mkdir tmp; export TMPDIR=$PWD/tmp\n" + A_COMMAND_BUILDS + """
                        kill -TERM $builder
                        wait $builder || echo "ended with $?"
                        flock -w 5 checkout/.builds/lock echo "nobody builds"
                        ls checkout/.builds tmp
                        """)
                .prints("ended with 143\nnobody builds\ncheckout/.builds:\nbuild.log\nlock\n\ntmp:\n")
                .endsWith(0);
    }

    @Test
    void sourcesThatChangeWhileTheyAreBuiltAreBuiltNextTime() {
        shell.run(A_COMMAND_BUILDS + """
                        echo two >checkout/src/main/java/Program.java
                        rm slow
                        wait $builder
                        cat first
                        checkout/caching-service get
                        """)
                .prints("program: one\n")
                .prints("program: two\n")
                .endsWith(0);
    }

    @Test
    void termReachesTheProgram() {
        shell.run(A_GATEWAY_RUNS + "kill -TERM $gateway; wait $gateway || echo \"$? $(cat gateway)\"")
                .prints("ended by TERM")
                .endsWith(0);
    }

    @Test
    void theProgramIsTheProcessThatWasBegunSoThatEverySignalReachesIt() {
        shell.run(A_GATEWAY_RUNS + "grep \"stays as $gateway\" gateway")
                .prints("stays as ")
                .endsWith(0);
    }
}
