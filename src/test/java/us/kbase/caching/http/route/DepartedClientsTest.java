package us.kbase.caching.http.route;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.trace.CurrentRequest;

/** What a request's work knows of its client. */
class DepartedClientsTest {

    private final Vertx vertx = Vertx.vertx();
    private final Promise<Context> served = Promise.promise();

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private int serving() {
        RouteTable routes = new RouteTable((operation, outcome, nanos) -> {});
        routes.on(HttpMethod.GET, Resource.ENTRY, context -> served.complete(Vertx.currentContext()));
        Router router = Router.router(vertx);
        router.route().handler(routes::answer);
        return Await.result(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static boolean hasLeft(Context request) {
        Promise<Boolean> said = Promise.promise();
        request.runOnContext(v -> said.complete(CurrentRequest.hasLeft()));
        return Await.result(said.future());
    }

    @ParameterizedTest
    @ValueSource(strings = {"closes", "resets"})
    void whatIsDoneForAClientKnowsWhenTheClientHasLeft(String how) {
        RawConnection client = new RawConnection(serving()).send("GET /v1/cache/an-id HTTP/1.1\r\nHost: x\r\n\r\n");
        Context request = Await.result(served.future());
        assertFalse(hasLeft(request));
        if (how.equals("resets")) {
            client.cut();
        } else {
            client.close();
        }
        Await.until("the client has left", () -> hasLeft(request));
    }

    @Test
    void workOfTheGatewayItselfHasNobodyWhoLeaves() {
        assertFalse(hasLeft(vertx.getOrCreateContext()));
    }
}
