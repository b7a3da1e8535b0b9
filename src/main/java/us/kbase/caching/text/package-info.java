/**
 * Reads small texts from outside by hand: every scan looks at each character a bounded number of times, whatever was sent. A
 * regular expression that backtracks costs the square of a text's length or more, and its sender chooses the text.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.text;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
