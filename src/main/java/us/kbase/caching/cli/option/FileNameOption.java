package us.kbase.caching.cli.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A file or folder as the command line names it. An empty name, mostly of a variable that is not set, would be the current folder. */
public final class FileNameOption implements ITypeConverter<String> {

    @Override
    public String convert(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("the name is empty; is a variable not set?");
        }
        return text;
    }
}
