package us.kbase.caching.stress.siege;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import us.kbase.caching.stress.Loop;
import us.kbase.caching.stress.load.Content;
import us.kbase.caching.stress.load.Http;
import us.kbase.caching.stress.load.Tally;
import us.kbase.caching.stress.load.V1Transfer;
import us.kbase.caching.stress.siege.attack.Field;
import us.kbase.caching.stress.siege.store.AuthStandIn;
import us.kbase.caching.stress.siege.wire.Wire;

/** Makes the entries that the attackers use, while the gateway is still at peace. */
final class Groundwork {

    private static final int USERS = 4;
    private static final int CURSED = 6;
    private static final int AT_ONCE = 50;
    private static final long LARGE_BYTES = 64 << 20;

    private final Http http;
    private final Loop loop;
    private final Content content;
    private final String run = UUID.randomUUID().toString();
    private int numbers;

    Groundwork(Http http, Loop loop, long seed) {
        this.http = http;
        this.loop = loop;
        this.content = new Content(seed);
    }

    /** With so many entries to upload to. */
    Field field(Wire wire, long seed, int ownEntries) {
        List<Field.Owned> own = new ArrayList<>();
        while (own.size() < ownEntries) {
            own.addAll(reserve(AT_ONCE));
        }
        List<Field.Owned> cursed = reserve(CURSED);
        String token = AuthStandIn.token("raider0");
        V1Transfer large = transfer(token, LARGE_BYTES);
        loop.run(large::reserve);
        loop.run(large::upload);
        return new Field(wire, seed, List.copyOf(own), owned(token, large), List.copyOf(cursed));
    }

    private List<Field.Owned> reserve(int count) {
        List<Field.Owned> made = new ArrayList<>();
        loop.run(() -> {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String token = AuthStandIn.token("raider" + i % USERS);
                V1Transfer transfer = transfer(token, 0);
                running.add(transfer.reserve().onSuccess(v -> made.add(owned(token, transfer))));
            }
            return Future.all(running).mapEmpty();
        });
        return made;
    }

    private V1Transfer transfer(String token, long bytes) {
        int number = numbers++;
        return new V1Transfer(http, new Tally(), token, run, number, content.file(number, bytes));
    }

    private static Field.Owned owned(String token, V1Transfer transfer) {
        return new Field.Owned(token, "/v1/cache/" + transfer.cacheId());
    }
}
