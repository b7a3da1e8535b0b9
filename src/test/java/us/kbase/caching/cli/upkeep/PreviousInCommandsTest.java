package us.kbase.caching.cli.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What commands do while a configuration names a previous store. */
class PreviousInCommandsTest {

    @TempDir
    private Path root;

    private Path config;

    @BeforeEach
    void configure() throws IOException {
        config = Files.writeString(
                root.resolve("moving.yaml"), """
                store: {disk: {path: %s}}
                previous: {type: disk, disk: {path: %s}}
                """.formatted(root.resolve("new"), root.resolve("mistyped")));
    }

    /** What it says on standard error; its exit code is 1. */
    private String refused(Callable<Integer> command) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            int code = new CommandLine(command)
                    .setExecutionExceptionHandler((fault, line, parsed) -> {
                        System.err.println(fault.getMessage());
                        return 1;
                    })
                    .execute("-c", config.toString());
            assertEquals(1, code, said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aMoveMakesNoStoreWhereThePreviousOneIsMistyped() {
        String said = refused(new MoveCommand());
        assertTrue(said.contains("check previous.disk.path"), said);
        assertTrue(Files.notExists(root.resolve("mistyped")));
        assertTrue(Files.notExists(root.resolve("new")));
    }

    @Test
    void nothingIsSwept() {
        String said = refused(new Expire());
        assertTrue(said.contains("Nothing is swept while previous.type is set"), said);
        assertTrue(Files.notExists(root.resolve("new")));
    }
}
