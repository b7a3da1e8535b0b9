package us.kbase.caching.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import us.kbase.caching.listening.ListeningSockets;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;

/** Who sweeps, when the one that does dies. */
class LeadershipIT {

    private static final Duration MOVED_WITHIN = Duration.ofSeconds(30);

    private final List<Cluster> members = new java.util.ArrayList<>();

    @AfterEach
    void close() {
        members.forEach(member -> Loop.await(member.vertx().close().otherwiseEmpty()));
    }

    private Cluster join(String name, Membership.Address own, List<Membership.Address> all) {
        Cluster member = Loop.await(Cluster.join(
                Vertx.builder(),
                new VertxOptions(),
                ListeningSockets.shut(),
                new Membership(name, new Secret("a secret of thirty-two characters"), own, all)));
        members.add(member);
        return member;
    }

    private static Membership.Address address() throws Exception {
        return Membership.Address.parse("127.0.0.1:" + (20_000 + S3Servers.freePort() % 20_000));
    }

    @DisplayName(
            "P4: when the one that sweeps dies, another one does within 30 s; the dead one, if it lives on alone, may too")
    @Test
    void p4LeadershipMoves() throws Exception {
        Membership.Address one = address();
        Membership.Address two = address();
        String name = "leadership-" + one.port();
        Cluster first = join(name, one, List.of(one, two));
        Cluster second = join(name, two, List.of(one, two));
        Await.until("the first leads alone", () -> first.leads() && !second.leads());

        long began = System.nanoTime();
        Loop.await(first.vertx().close());
        while (!second.leads() && System.nanoTime() - began < MOVED_WITHIN.toNanos()) {
            Thread.onSpinWait();
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        System.out.println("Leadership moved within " + millis + " ms");
        assertTrue(second.leads(), "nobody sweeps after " + MOVED_WITHIN);
        Await.until("a member on its own sweeps for itself", first::leads);
    }
}
