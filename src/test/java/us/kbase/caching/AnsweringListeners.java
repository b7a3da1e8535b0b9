package us.kbase.caching;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Functions given to {@code Future.onComplete} that answer a client, read from compiled classes. What such a function throws is logged,
 * and its client waits for ever. What it calls itself is seen, and not what that calls.
 */
final class AnsweringListeners {

    private static final Set<String> ANSWERING = Set.of(
            "io/vertx/core/http/HttpServerResponse",
            "io/vertx/ext/web/RoutingContext",
            "us/kbase/caching/http/connection/JsonReply",
            "us/kbase/caching/http/FailureHandler");

    private final Set<String> listeners = new HashSet<>();
    private final Map<String, String> answering = new HashMap<>();

    /** Takes in a class. */
    void add(InputStream compiled) throws IOException {
        ClassReader reader = new ClassReader(compiled);
        String type = reader.getClassName();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return new Calls(type + "." + name);
                    }
                },
                ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    }

    /** The listeners that answer, and by what. */
    Set<String> found() {
        Set<String> found = new TreeSet<>();
        for (String listener : listeners) {
            String owner = listener.substring(0, listener.indexOf('.'));
            if (ANSWERING.contains(owner)) {
                found.add(listener);
            } else if (answering.containsKey(listener)) {
                found.add(listener + " calls " + answering.get(listener));
            }
        }
        return found;
    }

    private final class Calls extends MethodVisitor {
        private final String method;
        private @Nullable String function;

        Calls(String method) {
            super(Opcodes.ASM9);
            this.method = method;
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            for (Object argument : arguments) {
                if (argument instanceof Handle handle) {
                    function = handle.getOwner() + "." + handle.getName();
                }
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            String given = function;
            if (given != null && owner.equals("io/vertx/core/Future") && name.equals("onComplete")) {
                listeners.add(given);
            }
            function = null;
            if (ANSWERING.contains(owner) && !name.equals("vertx")) {
                answering.put(method, owner + "." + name);
            }
        }
    }
}
