package dev.palimpsest.runtime.report;

import org.apache.commons.text.StringEscapeUtils;

/** Text that others chose, made safe to stand in a page. */
final class Html {
    private Html() {}

    /** For element content and quoted attributes; control characters, and those that turn the direction of writing, are dropped. */
    static String escaped(String text) {
        return StringEscapeUtils.escapeXml10(text.replaceAll("[\u202a-\u202e\u2066-\u2069]", ""));
    }
}
