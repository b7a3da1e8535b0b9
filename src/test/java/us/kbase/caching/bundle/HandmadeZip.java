package us.kbase.caching.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A ZIP file that is written field by field, so that a test may let any of them lie. */
public final class HandmadeZip {

    private static final int UNIX = 3;

    /** A member with everything that its two records say. */
    public static final class Entry {
        byte[] name;
        byte[] data;
        byte[] kept;
        byte[] localExtra = {};
        byte[] extra = {};
        int method;
        int flags = 1 << 11;
        int mode = 0100644;
        int madeBy = UNIX << 8 | 20;
        int disk;
        long crc;
        long size;
        long keptSize;
        long localSize;
        long offset = -1;

        Entry(String name, byte[] data, int method) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.data = data;
            this.method = method;
            this.kept = method == 8 ? deflated(data) : data;
            CRC32 sum = new CRC32();
            sum.update(data);
            crc = sum.getValue();
            size = data.length;
            localSize = data.length;
            keptSize = kept.length;
        }

        public Entry mode(int other) {
            mode = other;
            return this;
        }

        public Entry localExtra(byte[] other) {
            localExtra = other;
            return this;
        }

        private static byte[] deflated(byte[] data) {
            Deflater deflater = new Deflater(9, true);
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] some = new byte[4096];
            while (!deflater.finished()) {
                out.write(some, 0, deflater.deflate(some));
            }
            deflater.end();
            return out.toByteArray();
        }
    }

    public final List<Entry> entries = new ArrayList<>();
    byte[] before = {};
    byte[] beforeEnd = {};
    byte[] comment = {};
    long count = -1;
    long directoryBytes = -1;
    long directoryStart = -1;

    /** One stored member. */
    public static HandmadeZip of(String name, String content) {
        return new HandmadeZip().with(name, content);
    }

    public HandmadeZip with(String name, String content) {
        return with(new Entry(name, content.getBytes(StandardCharsets.UTF_8), 0));
    }

    public HandmadeZip deflated(String name, byte[] content) {
        return with(new Entry(name, content, 8));
    }

    public HandmadeZip with(Entry entry) {
        entries.add(entry);
        return this;
    }

    public static Entry entry(String name, byte[] content) {
        return new Entry(name, content, 0);
    }

    /** The field of ZIP64 with these values. */
    static byte[] zip64(long... values) {
        ByteBuffer field = little(4 + 8 * values.length).putShort((short) 1).putShort((short) (8 * values.length));
        for (long value : values) {
            field.putLong(value);
        }
        return field.array();
    }

    /** A field that says nothing, of so many bytes with its head. */
    public static byte[] padding(int bytes) {
        return little(bytes)
                .putShort((short) 0xa11e)
                .putShort((short) (bytes - 4))
                .array();
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The two records of ZIP64 that stand before the end. */
    static byte[] zip64End(long count, long bytes, long start, long recordAt) {
        return little(76)
                .putInt(0x06064b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0)
                .putLong(count)
                .putLong(count)
                .putLong(bytes)
                .putLong(start)
                .putInt(0x07064b50)
                .putInt(0)
                .putLong(recordAt)
                .putInt(1)
                .array();
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(before);
        List<Long> offsets = new ArrayList<>();
        for (Entry entry : entries) {
            offsets.add((long) out.size());
            out.writeBytes(little(30)
                    .putInt(0x04034b50)
                    .putShort((short) 20)
                    .putShort((short) entry.flags)
                    .putShort((short) entry.method)
                    .putShort((short) 0)
                    .putShort((short) 0x21)
                    .putInt((int) entry.crc)
                    .putInt((int) entry.keptSize)
                    .putInt((int) entry.localSize)
                    .putShort((short) entry.name.length)
                    .putShort((short) entry.localExtra.length)
                    .array());
            out.writeBytes(entry.name);
            out.writeBytes(entry.localExtra);
            out.writeBytes(entry.kept);
        }
        int start = out.size();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            long offset = entry.offset < 0 ? offsets.get(i) : entry.offset;
            out.writeBytes(little(46)
                    .putInt(0x02014b50)
                    .putShort((short) entry.madeBy)
                    .putShort((short) 20)
                    .putShort((short) entry.flags)
                    .putShort((short) entry.method)
                    .putShort((short) 0)
                    .putShort((short) 0x21)
                    .putInt((int) entry.crc)
                    .putInt((int) entry.keptSize)
                    .putInt((int) entry.size)
                    .putShort((short) entry.name.length)
                    .putShort((short) entry.extra.length)
                    .putShort((short) 0)
                    .putShort((short) entry.disk)
                    .putShort((short) 0)
                    .putInt(entry.mode << 16)
                    .putInt((int) offset)
                    .array());
            out.writeBytes(entry.name);
            out.writeBytes(entry.extra);
        }
        int length = out.size() - start;
        out.writeBytes(beforeEnd);
        long said = count < 0 ? entries.size() : count;
        out.writeBytes(little(22)
                .putInt(0x06054b50)
                .putInt(0)
                .putShort((short) said)
                .putShort((short) said)
                .putInt((int) (directoryBytes < 0 ? length : directoryBytes))
                .putInt((int) (directoryStart < 0 ? start : directoryStart))
                .putShort((short) comment.length)
                .array());
        out.writeBytes(comment);
        return out.toByteArray();
    }
}
