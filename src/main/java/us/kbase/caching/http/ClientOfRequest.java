package us.kbase.caching.http;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import us.kbase.caching.auth.Asker;

/**
 * A request's client, by the address that its connection comes from: it cannot be invented, as a header can. Of an IPv6 address the
 * first half counts, since whoever has one has all of its second half (RFC 4291 section 2.5.4).
 */
record ClientOfRequest(RoutingContext context) implements Asker {

    private static final int IPV6_BYTES = 16;
    private static final int NETWORK_BYTES = 8;

    @Override
    public String peer() {
        SocketAddress remote = context.request().remoteAddress();
        String host = remote == null || remote.hostAddress() == null ? "" : remote.hostAddress();
        return network(host);
    }

    @Override
    public boolean left() {
        return context.response().closed();
    }

    static String network(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes == null || bytes.length != IPV6_BYTES
                ? address
                : java.util.HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES);
    }
}
