package us.kbase.caching.cache.id;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's {@code repr} of a float: the shortest digits that read back as the same number. */
final class PythonFloat {

    /** Python writes an exponent from 1e16 upwards and below 1e-4. */
    private static final int EXPONENT_FROM = 16;

    private static final int EXPONENT_BELOW = -4;

    private PythonFloat() {}

    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        double magnitude = Math.abs(value);
        return magnitude == 0 ? sign + "0.0" : sign + format(shortest(magnitude));
    }

    /** Java's shortest form has at least two digits, Python's may have one: 5e-324, not 4.9E-324. */
    private static BigDecimal shortest(double magnitude) {
        BigDecimal decimal = new BigDecimal(Double.toString(magnitude)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            BigDecimal oneDigit = new BigDecimal(magnitude).round(new MathContext(1, RoundingMode.HALF_EVEN));
            if (oneDigit.doubleValue() == magnitude) {
                return oneDigit.stripTrailingZeros();
            }
        }
        return decimal;
    }

    private static String format(BigDecimal decimal) {
        String digits = decimal.unscaledValue().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        if (exponent < EXPONENT_BELOW || exponent >= EXPONENT_FROM) {
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            String padding = Math.abs(exponent) < 10 ? "0" : "";
            return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + padding + Math.abs(exponent);
        }
        String plain = decimal.toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }
}
