package us.kbase.caching.cache.id;

/** A text that is no JSON, with the message that Python's decoder gives for it. */
public final class JsonParseException extends Exception {

    private JsonParseException(String message) {
        super(message, null, false, false);
    }

    /** A failure at a place, written as Python does: {@code Expecting value: line 1 column 1 (char 0)}. */
    public static JsonParseException at(String problem, String text, int index) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < index; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        int column = text.codePointCount(lineStart, index) + 1;
        int position = text.codePointCount(0, index);
        return new JsonParseException("%s: line %d column %d (char %d)".formatted(problem, line, column, position));
    }

    /** A failure of the whole text. */
    public static JsonParseException of(String problem) {
        return new JsonParseException(problem);
    }
}
