package us.kbase.caching.cli.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import us.kbase.caching.cli.client.LocalFault;

/** Where a symbolic link leads, which an archive keeps as the link's bytes. */
final class LinkText extends OutputStream {

    private static final int BYTES_MAX = 4096;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] some, int offset, int count) throws IOException {
        if (bytes.size() + count > BYTES_MAX) {
            throw new LocalFault("A link of the result is longer than a path can be; nothing was written.");
        }
        bytes.write(some, offset, count);
    }

    String text() throws LocalFault {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new LocalFault("A link of the result leads to a name that is no UTF-8; nothing was written.");
        }
    }
}
