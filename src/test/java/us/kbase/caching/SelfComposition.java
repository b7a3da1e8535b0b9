package us.kbase.caching;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Methods that come back to themselves through a function that they give to a future, read from compiled classes: {@code compose(v ->
 * next())} in {@code next}, or by way of others. With futures that are done already such a chain takes a frame of the stack for each step.
 * A function that is given to a timer or a queue begins with an empty stack, and breaks the chain. What comes back through an interface,
 * or a promise in a field, is not seen.
 */
final class SelfComposition {

    private static final String FUTURE = "io/vertx/core/Future";

    private static final Set<String> COMPOSING = Set.of(
            "compose",
            "flatMap",
            "recover",
            "transform",
            "eventually",
            "map",
            "otherwise",
            "onComplete",
            "onSuccess",
            "onFailure",
            "andThen");

    private static final Set<String> LATER =
            Set.of("setTimer", "setPeriodic", "runOnContext", "executeBlocking", "execute", "schedule", "start");

    private final Map<String, Set<String>> calls = new HashMap<>();

    /** Calls of a method that a future makes. */
    private final Map<String, Set<String>> composed = new HashMap<>();

    /** Takes in a class. */
    void add(InputStream compiled) throws IOException {
        ClassReader reader = new ClassReader(compiled);
        String type = reader.getClassName();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return new Calls(type + "." + name + descriptor);
                    }
                },
                ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    }

    /** The methods, without their parameters, that are on such a way back to themselves; those the compiler made are left out. */
    Set<String> found() {
        Set<String> found = new TreeSet<>();
        composed.forEach((from, targets) -> targets.stream()
                .filter(to -> to.equals(from) || reaches(to, from))
                .forEach(to -> {
                    found.add(shown(from));
                    found.add(shown(to));
                }));
        found.removeIf(method -> method.contains("lambda$"));
        return found;
    }

    private static String shown(String method) {
        String name = method.substring(0, method.indexOf('('));
        return name.contains("lambda$")
                ? "lambda$"
                : name.substring(name.lastIndexOf('/') + 1).replace('$', '.');
    }

    private boolean reaches(String from, String to) {
        Set<String> seen = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            for (String target : calls.getOrDefault(next.pop(), Set.of())) {
                if (target.equals(to)) {
                    return true;
                }
                if (seen.add(target)) {
                    next.push(target);
                }
            }
        }
        return false;
    }

    /** One method: a function that it makes is given to the next call that it makes. */
    private final class Calls extends MethodVisitor {
        private final String method;
        private final Collection<String> functions = new ArrayList<>();

        Calls(String method) {
            super(Opcodes.ASM9);
            this.method = method;
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            for (Object argument : arguments) {
                if (argument instanceof Handle handle) {
                    functions.add(handle.getOwner() + "." + handle.getName() + handle.getDesc());
                }
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            calls(method, owner + "." + name + descriptor);
            for (String function : functions) {
                if (!LATER.contains(name)) {
                    calls(method, function);
                }
                if (owner.equals(FUTURE) && COMPOSING.contains(name)) {
                    composed.computeIfAbsent(method, first -> new HashSet<>()).add(function);
                }
            }
            functions.clear();
        }

        private void calls(String from, String to) {
            calls.computeIfAbsent(from, first -> new HashSet<>()).add(to);
        }
    }
}
