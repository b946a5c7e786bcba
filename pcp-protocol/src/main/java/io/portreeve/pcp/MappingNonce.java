package io.portreeve.pcp;

import java.util.HexFormat;

/**
 * The 96-bit Mapping Nonce: the secret that lets a client renew or delete what it created.
 *
 * <p>Three numbers and no array, so that two nonces are equal when their bits are. Source: RFC 6887 section 11.1.
 */
public record MappingNonce(int high, int middle, int low) {
    private static final HexFormat HEX = HexFormat.of();

    /** {@return eight hex digits a word} The nonce is a secret: log it at TRACE only. */
    @Override
    public String toString() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(middle) + HEX.toHexDigits(low);
    }

    /**
     * {@return the nonce that {@link #toString} wrote}
     *
     * @throws IllegalArgumentException if {@code text} is not 24 hex digits
     */
    public static MappingNonce parse(String text) {
        if (text.length() != 24) {
            throw new IllegalArgumentException("a nonce has 24 hex digits, not " + text.length());
        }
        return new MappingNonce(word(text, 0), word(text, 8), word(text, 16));
    }

    private static int word(String text, int from) {
        return HexFormat.fromHexDigits(text, from, from + 8); // unlike Integer it takes no sign
    }
}
