package us.kbase.caching.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The launcher in every surrounding that people have: what it is given there, and that it starts or says one sentence. */
class SurroundingsIT {

    private static final String GET = "checkout/caching-service get";
    private static final String SERVE = "checkout/caching-service serve";
    private static final String OF_21 = "echo 'JAVA_VERSION=\"21.0.8\"' >jdk/release; ";
    private static final String STARTS = "us.kbase.caching.cli.Main";
    private static final String COPY_TO = "cp -R checkout ";

    @TempDir
    Path folder;

    /** A surrounding as a script that ends in a call of the launcher, and what is expected of it. */
    private record Row(String name, boolean mounts, String script, Consumer<Shell.Ended> expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, String script, Consumer<Shell.Ended> expected) {
        return new Row(name, false, script, expected);
    }

    /** The same in a namespace of mounts where the user is root. */
    private static Row mounted(String name, String script, Consumer<Shell.Ended> expected) {
        return new Row(name, true, "unshare -rm sh -eu -c '" + script + "'", expected);
    }

    private static void starts(Shell.Ended ended) {
        ended.prints("java: " + STARTS + "\njava: get\n").endsWith(0);
    }

    /** Where nobody may write to the build, its start-up cache goes to the user's own folder. */
    private static void preparesInTheUsersFolder(Shell.Ended ended) {
        ended.says("caching-service: preparing fast starts, once ...\n")
                .prints("java: serve\n")
                .endsWith(0);
    }

    private static void refuses(Shell.Ended ended, String sentence) {
        ended.saysOnly(sentence).endsWith(1);
    }

    /** Where programs read the log, the launcher writes in its form. */
    private static Shell.Ended saysObjects(Shell.Ended ended, String... messages) {
        assertEquals(
                List.of(messages),
                ended.err()
                        .lines()
                        .map(line -> new JsonObject(line).getString("message"))
                        .map(message -> message.replaceFirst("/\\S+/checkout", "CHECKOUT"))
                        .toList());
        return ended;
    }

    private static Row path(String name, String path) {
        String to = "\"$(printf '" + path + "')\"";
        return row(name, "mkdir -p -- " + to + "\n" + COPY_TO + to + "\n" + to + "/" + GET, SurroundingsIT::starts);
    }

    static Stream<Row> environments() {
        return Stream.of(
                row("as it is", GET, SurroundingsIT::starts),
                row("no HOME", "unset HOME; " + GET, SurroundingsIT::starts),
                row(
                        "no variable but where Java is",
                        GET + " >first; env -i JAVA_HOME=\"$JAVA_HOME\" " + GET,
                        ended -> starts(ended.says("building").prints("locale: C.UTF-8, caller's: \n"))),
                row(
                        "an ASCII locale",
                        "LC_ALL=C " + GET,
                        ended -> starts(ended.prints("locale: C.UTF-8, caller's: C\n"))),
                row(
                        "a locale that is not there",
                        "LC_ALL=xx_YY.UTF-8 " + GET,
                        ended -> starts(ended.prints("locale: C.UTF-8, caller's: xx_YY.UTF-8\n"))),
                row("a UTF-8 locale", GET, ended -> starts(ended.prints("locale: C.UTF-8, caller's: none\n"))),
                row(
                        "TMPDIR is not there",
                        "TMPDIR=/nonexistent " + GET,
                        ended -> starts(ended.doesNotPrint("java.io.tmpdir"))),
                row(
                        "TMPDIR is there",
                        "mkdir 'my tmp'; TMPDIR=\"$PWD/my tmp\" " + GET,
                        ended -> starts(ended.prints("/my tmp\n").prints("java: -Djava.io.tmpdir="))),
                row("CDPATH, IFS and ENV are set", "CDPATH=/ IFS=e ENV=/nonexistent " + GET, SurroundingsIT::starts),
                row(
                        "another collector for every JVM",
                        "JAVA_TOOL_OPTIONS=-XX:+UseZGC " + GET,
                        ended -> starts(ended.doesNotPrint("UseSerialGC"))),
                row(
                        "another collector for this one",
                        "JAVA_OPTS='-Xint -XX:+UseZGC' " + GET,
                        ended -> starts(
                                ended.prints("java: -Xint\njava: -XX:+UseZGC\n").doesNotPrint("UseSerialGC"))),
                row(
                        "options that only sound like a collector",
                        "JAVA_OPTS='-XX:+UseNUMA -Dx=GC' " + GET,
                        ended -> starts(ended.prints("UseSerialGC"))),
                row(
                        "options that look like a pattern",
                        "JAVA_OPTS='-Dx=/*' " + GET,
                        ended -> starts(ended.prints("java: -Dx=/*\n"))),
                row(
                        "options that contradict the start-up cache",
                        SERVE + " >first 2>&1; JAVA_OPTS=-Xmn40m " + SERVE,
                        ended -> ended.prints("java: serve\n")
                                .doesNotPrint("AOTCache")
                                .endsWith(0)),
                row(
                        "the same at its making",
                        "JAVA_OPTS=-Xmn40m " + SERVE + " >first 2>&1; " + SERVE,
                        ended -> ended.prints("java: -XX:AOTCache=").isSilent().endsWith(0)));
    }

    static Stream<Row> variables() {
        return Stream.of(
                row(
                        "a log for programs",
                        "CACHING_LOG=json " + SERVE,
                        ended -> saysObjects(ended, "building, once ...", "preparing fast starts, once ...")
                                .prints("java: serve\n")
                                .endsWith(0)),
                row(
                        "a log for programs, and Maven fails",
                        "CACHING_LOG=json MAVEN_FAILS=1 " + SERVE,
                        ended -> saysObjects(
                                        ended,
                                        "building, once ...",
                                        "noise of Maven",
                                        "[ERROR] it does not compile",
                                        "Maven could not build the program; what it said is in "
                                                + "CHECKOUT/.builds/build.log.")
                                .endsWith(1)),
                row(
                        "a log for programs is none for people",
                        "CACHING_LOG=json " + GET,
                        ended -> starts(ended.says("caching-service: building, once ...\n"))),
                row(
                        "a heap without a unit",
                        "CACHING_HEAP=96 " + GET,
                        ended -> refuses(
                                ended,
                                "CACHING_HEAP is a whole number with k, m or g behind it, such as 96m, and not \"96\"\\.")),
                row(
                        "a heap too small for a program",
                        "CACHING_HEAP=1m " + GET,
                        ended -> refuses(ended, "CACHING_HEAP is from 32m to 1024g, and not \"1m\"\\.")),
                row(
                        "a heap that begins with 0",
                        "CACHING_HEAP=096m " + GET,
                        ended -> refuses(ended, "CACHING_HEAP is from 32m to 1024g, and not \"096m\"\\.")),
                row(
                        "a heap beyond all machines",
                        "CACHING_HEAP=9999999999999g " + GET,
                        ended -> refuses(ended, "CACHING_HEAP is from 32m to 1024g, and not \"9999999999999g\"\\.")),
                row("a heap in bytes", "CACHING_HEAP=134217728 " + GET, ended -> starts(ended)),
                row("a level in small letters", "CACHING_LOG_LEVEL=debug " + GET, ended -> starts(ended)),
                row(
                        "a heap of no number",
                        "CACHING_HEAP=1.5g " + GET,
                        ended -> ended.says("and not \"1.5g\".\n").endsWith(1)),
                row(
                        "a log of another name",
                        "CACHING_LOG=JSON " + GET,
                        ended -> refuses(ended, "CACHING_LOG is text or json, and not \"JSON\"\\.")),
                row(
                        "a level of another name",
                        "CACHING_LOG_LEVEL=verbose " + GET,
                        ended -> ended.says("CACHING_LOG_LEVEL is TRACE, DEBUG, INFO, WARN, ERROR or OFF, and not")
                                .endsWith(1)),
                row("empty ones", "CACHING_HEAP= CACHING_LOG= CACHING_LOG_LEVEL= " + GET, SurroundingsIT::starts));
    }

    static Stream<Row> paths() {
        return Stream.of(
                path("a blank", "a b"),
                path("letters of UTF-8", "\\303\\244"),
                row(
                        "bytes that are no text",
                        "to=$(printf '\\344'); cp -R checkout \"$to\"; \"$to/\"caching-service get",
                        ended -> ended.says("Java cannot run a program below a folder whose name is no text in UTF-8")
                                .endsWith(1)),
                path("quotes", "\\047\\042"),
                path("what a shell or a URL would take apart", "$x%%20;&#(*)?"),
                row(
                        "a dash in front",
                        "mkdir -- -d; cp -R checkout ./-d; PATH=-d/checkout:$PATH; caching-service get",
                        SurroundingsIT::starts),
                row(
                        "a colon",
                        "mkdir a:b; cp -R checkout a:b; a:b/" + GET,
                        ended -> refuses(
                                ended,
                                "Java cannot run a program below a folder with a colon in its name: /.*/a:b/checkout")),
                row(
                        "links to links",
                        "mkdir bin2; ln -s ../checkout/caching-service bin2/one; ln -s \"$PWD/bin2/one\" two; ./two get",
                        SurroundingsIT::starts));
    }

    /** A Java that knows no flag of later ones, with a release file that names it. */
    private static Row older(int version) {
        return row(
                "Java " + version,
                OF_21.replace("21.0.8", version + ".0.1") + SERVE,
                ended -> ended.says("preparing fast starts")
                        .doesNotPrint("AOTCache")
                        .prints("java: -XX:SharedArchiveFile=")
                        .prints("java: serve\n")
                        .endsWith(0));
    }

    static Stream<Row> javas() {
        return Stream.of(
                row(
                        "JAVA_HOME is a JRE",
                        "JAVA_HOME=$PWD/jre; " + GET + "; cat builds",
                        ended -> starts(ended.prints("built with JAVA_HOME=\n"))),
                row(
                        "JAVA_HOME is too old",
                        "PATH=$JAVA_HOME/bin:$PATH; JAVA_HOME=$PWD/old; " + GET,
                        SurroundingsIT::starts),
                row(
                        "a JDK that names its version without quotes",
                        "echo JAVA_VERSION=25 >jdk/release; " + GET,
                        SurroundingsIT::starts),
                older(21),
                older(22),
                older(23),
                older(24),
                row(
                        "Java 21 that makes no archive, and does not say so",
                        OF_21 + "export ARCHIVES_NOTHING=1; " + SERVE,
                        ended -> ended.says("no start-up cache could be made")
                                .prints("java: serve\n")
                                .endsWith(0)),
                row(
                        "JAVA_HOME is nothing",
                        "PATH=$JAVA_HOME/bin:$PATH; JAVA_HOME=/nonexistent; " + GET + "; cat builds",
                        ended -> starts(ended.prints("built with JAVA_HOME=/"))),
                row("a script that stands for Java", """
                        printf '#!/bin/sh\\necho "    java.home = %s"; echo "    java.specification.version = 26"\\n' "$PWD/jdk" >old/bin/java
                        rm old/release; JAVA_HOME=$PWD/old;\s""" + GET, SurroundingsIT::starts),
                mounted(
                        "no Java at all",
                        "for folder in /usr/lib/jvm /opt; do mount --bind home $folder; done; PATH=bin:/usr/bin:/bin; JAVA_HOME=; "
                                + GET,
                        ended -> refuses(
                                ended,
                                "no Java 21 or newer was found; install Java 21 or newer, or set JAVA_HOME to one\\.")),
                mounted(
                        "no Java but an old one",
                        "for folder in /usr/lib/jvm /opt; do mount --bind home $folder; done; PATH=bin:/usr/bin:/bin;"
                                + " JAVA_HOME=$PWD/old; " + GET,
                        ended -> refuses(
                                ended,
                                "no Java 21 or newer was found, only Java 17 \\(/\\S*/old/bin/java\\); install Java 21 or newer,"
                                        + " or set JAVA_HOME to one\\.")));
    }

    static Stream<Row> fileSystems() {
        return Stream.of(
                row(
                        "a checkout of another user, built",
                        GET + " 2>first; (cd checkout && ls -R >../before); " + StandIns.ANOTHER_USER + SERVE
                                + "; (cd checkout && ls -R | cmp - ../before)",
                        SurroundingsIT::preparesInTheUsersFolder),
                row(
                        "a checkout of another user, not built",
                        "chmod -R a-w checkout; " + StandIns.ANOTHER_USER + GET
                                + "; ls */.cache/caching-service/builds",
                        ended -> starts(ended.prints("\nlock\n"))),
                row(
                        "the same without HOME",
                        "chmod -R a-w checkout; HOME=; nobody=; "
                                + StandIns.ANOTHER_USER.replace("HOME=\"$PWD/nobody\"", "-u HOME") + GET,
                        ended -> refuses(
                                ended,
                                "the program is not built, and /.*/checkout can't be written; build it once as who may write there\\.")),
                mounted(
                        "a read-only file system",
                        GET + " 2>first; mount --bind checkout checkout; mount -o remount,bind,ro checkout; " + SERVE,
                        SurroundingsIT::preparesInTheUsersFolder),
                mounted(
                        "a read-only /tmp",
                        "cp -R . /var/tmp/stand-in.$$; cd /var/tmp/stand-in.$$; trap \"rm -r $PWD\" EXIT;"
                                + " mount --rbind /tmp /tmp; mount -o remount,bind,ro /tmp; BUILDS=$PWD/builds; " + GET,
                        ended -> starts(ended.prints("java: -Djava.io.tmpdir=/var/tmp\n"))));
    }

    static Stream<Row> streams() {
        return Stream.of(
                row(
                        "what Maven says is not printed",
                        GET,
                        ended -> starts(ended.doesNotPrint("noise").says("caching-service: building, once ...\n"))),
                row(
                        "what is piped in is for the program",
                        "echo words | JAVA_READS=1 " + GET,
                        ended -> starts(ended.prints("read: words\n"))),
                row("no input", GET + " <&-", SurroundingsIT::starts),
                row(
                        "Maven fails",
                        "MAVEN_FAILS=1 " + GET,
                        ended -> ended.says("[ERROR] it does not compile\n")
                                .says("Maven could not build the program; what it said is in ")
                                .endsWith(1)),
                row(
                        "no Maven",
                        "rm bin/mvn; for tool in sh readlink locale find cksum sort flock mkdir rm env; do"
                                + " cp \"$(command -v $tool)\" bin; done; PATH=$PWD/bin; " + GET,
                        ended -> refuses(
                                ended,
                                "the program is not built as its sources are, and Maven \\(mvn\\) was not found to build it\\.")),
                row(
                        "the start-up cache cannot be made",
                        "TRAINING_FAILS=1 " + SERVE,
                        ended -> ended.prints("java: serve\n")
                                .says("no start-up cache could be made")
                                .doesNotPrint("AOTCache")
                                .endsWith(0)),
                row(
                        "that was said",
                        "TRAINING_FAILS=1 " + SERVE + " >first 2>&1; " + SERVE,
                        ended -> ended.isSilent().prints("java: serve\n").endsWith(0)),
                row(
                        "the stress program",
                        "checkout/stress/siege --help",
                        ended -> ended.prints(
                                        "java: us.kbase.caching.stress.Main\njava: siege\njava: --help\nprogram: stress\n")
                                .endsWith(0)));
    }

    @ParameterizedTest
    @MethodSource({"environments", "variables", "paths", "javas", "fileSystems", "streams"})
    void startsOrSaysOneSentence(Row row) throws IOException {
        Shell shell = StandIns.make(folder);
        if (row.mounts()) {
            shell.assumeMounts();
        }
        row.expected().accept(shell.run(row.script()));
    }
}
